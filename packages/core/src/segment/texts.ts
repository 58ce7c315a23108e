// The texts of a segment, as surfaces of one joint record. They come back only redacted: whatever
// text an event held before is not what is written.
import { HandrailError } from '../errors/index.ts';
import type { CapturedEvent } from '../events/index.ts';
import { type MaskedRecord, type Redacted, redactedValue, type Surface } from '../redact/index.ts';

const refPrefix = 'event:';

/** A surface `event:<index>` for every event that holds text. */
export function textSurfaces(events: readonly CapturedEvent[]): Surface[] {
  return events.flatMap((event, at): Surface[] => {
    if (event.kind !== 'run' && event.kind !== 'task') return [];
    return [{ kind: 'text', ref: `${refPrefix}${at}`, text: event.text }];
  });
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
  const byRef = new Map(redactedValue(texts).surfaces.map(({ ref, text }) => [ref, text]));
  return events.map((event, at) => {
    if (event.kind !== 'run' && event.kind !== 'task') return event;
    const text = byRef.get(`${refPrefix}${at}`);
    if (text === undefined) throw new HandrailError('redaction.failed', 'A text is not redacted.');
    return { ...event, text };
  });
}
