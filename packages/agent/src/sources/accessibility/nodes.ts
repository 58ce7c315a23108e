// Single questions to accessible objects. Whatever cannot be answered is undefined.

import type { Bounds } from '@handrail/core/observation';
import { Sensitive } from '@handrail/core/sensitive';
import type { AccessibilityBus, NodeRef } from './bus.ts';
import { bitSet } from './roles.ts';

const accessible = 'org.a11y.atspi.Accessible';
const component = 'org.a11y.atspi.Component';
const screenCoordinates = 0;
const matchAll = 1;
const matchAny = 2;
const canonicalOrder = 1;
/** Length of the role set that the protocol passes, in 32-bit words. */
const roleWords = 4;
const coordinateMax = 32_767;
const parentsMax = 64;
const objectReplacement = /\ufffc/g;

export const registryRoot: NodeRef = {
  name: 'org.a11y.atspi.Registry',
  path: '/org/a11y/atspi/accessible/root',
};

export interface MatchRule {
  readonly states: readonly number[];
  /** Roles to leave out cannot be named: the bridge of at-spi2-core 2.46 counts them otherwise. */
  readonly anyRole?: readonly number[];
  readonly countMax: number;
}

/** Descendants by state and role, parents first, found by the application itself in one call. */
export async function matches(
  bus: AccessibilityBus,
  node: NodeRef,
  rule: MatchRule,
): Promise<readonly NodeRef[] | undefined> {
  const states = bitSet(rule.states, 2);
  const roles = bitSet(rule.anyRole ?? [], roleWords);
  const roleMatch = rule.anyRole ? matchAny : matchAll;
  const wanted = [states, matchAll, {}, matchAll, roles, roleMatch, [], matchAll, false];
  const answer = await bus.call(node, 'org.a11y.atspi.Collection', 'GetMatches', {
    signature: '(aiia{ss}iaiiasib)uib',
    body: [wanted, canonicalOrder, rule.countMax, true],
  });
  return answer && refsOf(answer[0]);
}

export async function childrenOf(bus: AccessibilityBus, node: NodeRef) {
  const answer = await bus.call(node, accessible, 'GetChildren');
  return refsOf(answer?.[0]);
}

export async function roleNameOf(bus: AccessibilityBus, node: NodeRef) {
  const answer = await bus.call(node, accessible, 'GetRoleName');
  const [name] = answer ?? [];
  return typeof name === 'string' ? name : undefined;
}

export async function statesOf(bus: AccessibilityBus, node: NodeRef): Promise<unknown> {
  return (await bus.call(node, accessible, 'GetState'))?.[0];
}

export async function nameOf(bus: AccessibilityBus, node: NodeRef): Promise<string | undefined> {
  const name = await bus.property(node, accessible, 'Name');
  return typeof name === 'string' ? name : undefined;
}

/** Root-relative; undefined also for an object that says it is nowhere. */
export async function boundsOf(bus: AccessibilityBus, node: NodeRef): Promise<Bounds | undefined> {
  const args = { signature: 'u', body: [screenCoordinates] };
  return boundsFrom((await bus.call(node, component, 'GetExtents', args))?.[0]);
}

/** What the object's Text interface shows, without the marks that stand for its children. */
export async function textOf(bus: AccessibilityBus, node: NodeRef): Promise<string | undefined> {
  const args = { signature: 'ii', body: [0, -1] };
  const [text] = (await bus.call(node, 'org.a11y.atspi.Text', 'GetText', args)) ?? [];
  return typeof text === 'string' ? text.replace(objectReplacement, '') : undefined;
}

/** Bounds of the characters from `start` to before `end`, counted in Unicode code points. */
export async function rangeBoundsOf(
  bus: AccessibilityBus,
  node: NodeRef,
  start: number,
  end: number,
): Promise<Bounds | undefined> {
  const answer = await bus.call(node, 'org.a11y.atspi.Text', 'GetRangeExtents', {
    signature: 'iiu',
    body: [start, end, screenCoordinates],
  });
  return boundsFrom(answer);
}

export interface DocumentPlace {
  readonly origin: string;
  readonly uri: Sensitive<string>;
}

/** The address of a `document web` object; undefined when it has none of the web. */
export async function documentOf(
  bus: AccessibilityBus,
  node: NodeRef,
): Promise<DocumentPlace | undefined> {
  const args = { signature: 's', body: ['URI'] };
  const document = 'org.a11y.atspi.Document';
  const [uri] = (await bus.call(node, document, 'GetAttributeValue', args)) ?? [];
  if (typeof uri !== 'string' || !URL.canParse(uri)) return undefined;
  const { origin } = new URL(uri);
  // Addresses such as about: and data: have the origin "null": they belong to no site.
  return origin === 'null' ? undefined : { origin, uri: new Sensitive(uri) };
}

/** The nearest `document web` at or above the object, if it is part of a page. */
export async function documentAbove(
  bus: AccessibilityBus,
  node: NodeRef,
): Promise<NodeRef | undefined> {
  let at: NodeRef = node;
  for (let depth = 0; depth < parentsMax; depth += 1) {
    const [name, parent] = await Promise.all([
      roleNameOf(bus, at),
      bus.property(at, accessible, 'Parent'),
    ]);
    if (name === 'document web') return at;
    const [above] = refsOf([parent]);
    if (!above || above.name !== at.name || name === 'frame') return undefined;
    at = above;
  }
  return undefined;
}

/** Process id behind a bus name, as the bus itself knows it. */
export async function processOf(bus: AccessibilityBus, name: string): Promise<number | undefined> {
  const daemon = { name: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' };
  const args = { signature: 's', body: [name] };
  const member = 'GetConnectionUnixProcessID';
  const [pid] = (await bus.call(daemon, 'org.freedesktop.DBus', member, args)) ?? [];
  return typeof pid === 'number' ? pid : undefined;
}

function refsOf(value: unknown): readonly NodeRef[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const [name, path]: unknown[] = Array.isArray(entry) ? entry : [];
    return typeof name === 'string' && typeof path === 'string' ? [{ name, path }] : [];
  });
}

function boundsFrom(value: unknown): Bounds | undefined {
  const [x, y, width, height]: unknown[] = Array.isArray(value) ? value : [];
  if (typeof x !== 'number' || typeof y !== 'number') return undefined;
  if (typeof width !== 'number' || typeof height !== 'number') return undefined;
  const outside = Math.max(Math.abs(x), Math.abs(y), width, height) > coordinateMax;
  return outside ? undefined : { x, y, width, height };
}
