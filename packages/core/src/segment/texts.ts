// The texts of a segment, as surfaces of one joint record. They come back only redacted: whatever
// text an event held before is not what is written.
import { HandrailError } from '../errors/index.ts';
import type { CapturedEvent } from '../events/index.ts';
import {
  type MaskedRecord,
  type Redacted,
  type RuleOf,
  redactedValue,
  rulesOf,
  type Surface,
} from '../redact/index.ts';

const refPrefix = 'event:';

/**
 * A surface `event:<index>` for every event that holds text. A run is of the context of the active
 * window; a task is the participant's own words, and of none. Without rules all is masked of any.
 */
export function textSurfaces(
  events: readonly CapturedEvent[],
  ruleOf: RuleOf = rulesOf([]),
): Surface[] {
  return withContexts(events).flatMap(({ event, context }, at): Surface[] => {
    if (event.kind !== 'run' && event.kind !== 'task') return [];
    const surface = { kind: 'text', ref: `${refPrefix}${at}`, text: event.text } as const;
    return [event.kind === 'task' ? surface : { ...surface, rule: ruleOf(context) }];
  });
}

/** Each event with the context of the window that was active; undefined: none was told yet. */
export function withContexts(events: readonly CapturedEvent[]) {
  let context: number | null | undefined;
  return events.map((event) => {
    if (event.kind === 'window') context = event.context;
    return { event, context };
  });
}

const keyCounts = [1, 8, 64, 512] as const;
const keyCountMax = 4096;

/** How many keys a replaced text stood for, so coarse that it tells no length. */
export function coarseKeyCount(keyCount: number): number {
  return keyCounts.find((most) => keyCount <= most) ?? keyCountMax;
}

/** The event that a surface of `textSurfaces` stands for; undefined for other surfaces. */
export function eventOfSurface(ref: string): number | undefined {
  return ref.startsWith(refPrefix) ? Number(ref.slice(refPrefix.length)) : undefined;
}

/** The events with their redacted texts. Throws `redaction.failed` where one is missing. */
export function withTexts(
  events: readonly CapturedEvent[],
  texts: Redacted<MaskedRecord>,
): CapturedEvent[] {
  const byRef = new Map(redactedValue(texts).surfaces.map((surface) => [surface.ref, surface]));
  return events.map((event, at) => {
    if (event.kind !== 'run' && event.kind !== 'task') return event;
    const surface = byRef.get(`${refPrefix}${at}`);
    if (surface === undefined) {
      throw new HandrailError('redaction.failed', 'A text is not redacted.');
    }
    const { text, masked } = surface;
    if (event.kind === 'task' || masked === undefined) return { ...event, text };
    return { ...event, text, keyCount: coarseKeyCount(event.keyCount) };
  });
}
