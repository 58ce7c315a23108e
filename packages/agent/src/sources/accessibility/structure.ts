// The text that one window shows right now, with its places, for masking. It is whole or it is not
// there: when anything cannot be read, or in time, the answer is undefined and no pixel is known.

import type { Bounds, Clock, StructureNode } from '@handrail/core/observation';
import { Sensitive } from '@handrail/core/sensitive';
import type { WindowInfo } from '../x11/windows.ts';
import { type Applications, applications } from './applications.ts';
import type { AccessibilityBus, NodeRef } from './bus.ts';
import {
  boundsOf,
  type DocumentPlace,
  documentOf,
  matches,
  nameOf,
  rangeBoundsOf,
  roleNameOf,
  textOf,
} from './nodes.ts';
import { documentWebRole, isContainer, isImage, roleClassOf, state } from './roles.ts';

const nodesMaxDefault = 1_500;
const millisecondsMaxDefault = 1_500;
const documentsMax = 32;

/** A web page that shows in the window: what lies outside of all of them is the browser's own. */
export interface StructureDocument {
  readonly nodeId: string;
  readonly bounds: Bounds;
  /** Undefined for pages of no site, such as `about:blank`. */
  readonly origin: string | undefined;
  readonly uri: Sensitive<string> | undefined;
}

export interface Structure {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Showing objects that carry text, can be typed into or are images, parents before children. */
  readonly nodes: readonly StructureNode[];
  /** The outermost first. */
  readonly documents: readonly StructureDocument[];
}

export interface StructureReader {
  structureOf(window: WindowInfo): Promise<Structure | undefined>;
  /** Bounds of a range of a node's text, in Unicode code points; undefined when unknown. */
  rangeBounds(nodeId: string, start: number, end: number): Promise<Bounds | undefined>;
}

export function structureReader(
  bus: AccessibilityBus,
  clock: Clock,
  limits: { readonly nodesMax?: number; readonly millisecondsMax?: number } = {},
): StructureReader {
  const { nodesMax = nodesMaxDefault, millisecondsMax = millisecondsMaxDefault } = limits;
  const known = applications(bus);
  return {
    structureOf: async (window) => {
      const startedAtMs = clock();
      const parts = await read(bus, known, window, nodesMax);
      const endedAtMs = clock();
      if (!parts || endedAtMs - startedAtMs > millisecondsMax) return undefined;
      return { startedAtMs, endedAtMs, ...parts };
    },
    rangeBounds: (nodeId, start, end) => rangeBoundsOf(bus, nodeOf(nodeId), start, end),
  };
}

async function read(
  bus: AccessibilityBus,
  known: Applications,
  window: WindowInfo,
  nodesMax: number,
): Promise<Pick<Structure, 'nodes' | 'documents'> | undefined> {
  const frame = await known.frameOf(window);
  if (!frame) return undefined;
  const showing = [state.showing];
  const [refs, editable, focused, documents] = await Promise.all([
    matches(bus, frame, { states: showing, countMax: nodesMax + 1 }),
    matches(bus, frame, { states: [...showing, state.editable], countMax: nodesMax + 1 }),
    matches(bus, frame, { states: [...showing, state.focused], countMax: nodesMax + 1 }),
    readDocuments(bus, frame),
  ]);
  if (!refs || !editable || !focused || !documents || refs.length > nodesMax) return undefined;
  const flags = { editable: new Set(editable.map(idOf)), focused: new Set(focused.map(idOf)) };
  const nodes = await Promise.all(refs.map((ref) => readNode(bus, ref, flags)));
  if (nodes.some((node) => node === 'unknown')) return undefined;
  return { nodes: nodes.filter((node) => typeof node === 'object'), documents };
}

async function readNode(
  bus: AccessibilityBus,
  ref: NodeRef,
  flags: { readonly editable: ReadonlySet<string>; readonly focused: ReadonlySet<string> },
): Promise<StructureNode | 'nothing' | 'unknown'> {
  const nodeId = idOf(ref);
  const editable = flags.editable.has(nodeId);
  const [roleName, bounds, own] = await Promise.all([
    roleNameOf(bus, ref),
    boundsOf(bus, ref),
    textOf(bus, ref),
  ]);
  if (roleName === undefined || bounds === undefined) return 'unknown';
  // Objects without the Text interface, and fields that only show a hint, are known by their name.
  const text = own || (isContainer(roleName) ? (own ?? '') : await nameOf(bus, ref));
  if (text === undefined) return 'unknown';
  if (bounds.width <= 0 || bounds.height <= 0) return 'nothing';
  if (text === '' && !editable && !isImage(roleName)) return 'nothing';
  return {
    nodeId,
    role: roleName,
    roleClass: roleClassOf(roleName, editable),
    text: new Sensitive(text),
    bounds,
    editable,
    focused: flags.focused.has(nodeId),
  };
}

async function readDocuments(
  bus: AccessibilityBus,
  frame: NodeRef,
): Promise<readonly StructureDocument[] | undefined> {
  const refs = await matches(bus, frame, {
    states: [state.showing],
    anyRole: [documentWebRole],
    countMax: documentsMax + 1,
  });
  if (!refs || refs.length > documentsMax) return undefined;
  const found = await Promise.all(
    refs.map(async (ref) => {
      const [bounds, place] = await Promise.all([boundsOf(bus, ref), documentOf(bus, ref)]);
      return bounds && describe(ref, bounds, place);
    }),
  );
  return found.every((document) => document !== undefined) ? found : undefined;
}

function describe(ref: NodeRef, bounds: Bounds, place: DocumentPlace | undefined) {
  return { nodeId: idOf(ref), bounds, origin: place?.origin, uri: place?.uri };
}

export function idOf(ref: NodeRef): string {
  return `${ref.name}${ref.path}`;
}

function nodeOf(nodeId: string): NodeRef {
  const slash = nodeId.indexOf('/');
  return { name: nodeId.slice(0, slash), path: nodeId.slice(slash) };
}
