// The first half of the walk: from the key to ciphertext in the spool.

import { fromBase64url } from '@handrail/core/bytes';
import { type FinishedDraft, redactDraft } from '@handrail/core/recorder';
import { redactedValue } from '@handrail/core/redact';
import { parseSealed, verifySealed } from '@handrail/core/segment';
import { waitFor } from '@handrail/testbed/display/observed';
import { expect } from 'vitest';
import type { Walk } from './walk.ts';

/** Before the gate lets anything in, the same key is dropped and counted. */
export async function theGateIsShutWithoutALease({ display, capture, gate }: Walk): Promise<void> {
  await display.xdotool('mousemove', '600', '500', 'click', '1', 'key', 'x');
  await waitFor('a drop', () => {
    capture.recorder.tick();
    return gate.dropped()['no-lease'];
  });
  capture.recorder.finish(true);
  capture.recorder.stand(undefined);
}

/** agent/sources -> agent/gate: typed into an allowed field, each key is kept. */
export async function aPersonTypes(walk: Walk): Promise<void> {
  const { display, capture, finished, words, secret } = walk;
  await waitFor('the page to take clicks', async () => {
    // A busy machine needs a while of rest to read the page at all.
    await display.xdotool('sleep', '0.7', 'mousemove', '600', '500', 'click', '1');
    await waitFor('the hold to be empty', () => settled(capture.recorder));
    capture.recorder.finish(true);
    const events = finished.at(-1)?.draft.events ?? [];
    return events.some(({ kind }) => kind === 'button') ? true : undefined;
  });
  await display.xdotool('key', 'Tab', 'sleep', '0.3', 'type', '--delay', '20', words);
  await display.xdotool('key', 'Tab', 'sleep', '0.3', 'type', '--delay', '20', secret);
  await display.xdotool('key', 'Return');
  await waitFor('the hold to be empty', () => settled(capture.recorder));
}

/** Assembled into typed runs per field: no raw key of the text is told. */
export function keysBecomeRuns({ capture, finished, words, secret }: Walk): FinishedDraft {
  capture.recorder.finish(true);
  const draft = finished.at(-1);
  if (!draft) throw new Error('Nothing was recorded.');
  const { events } = draft.draft;
  const runs = events.flatMap((event) => (event.kind === 'run' ? [event] : []));
  expect(runs.map(({ text }) => text).join(' ')).toContain(words);
  expect(runs.map(({ text }) => text).join('')).toContain(secret);
  const keys = events.flatMap((event) => (event.kind === 'key' ? [event.key] : []));
  expect(new Set(keys)).toEqual(new Set(['tab', 'enter']));
  return draft;
}

/** core/redact: the value is gone, the words are not. */
export function runsAreRedacted({ words, secret }: Walk, { draft }: FinishedDraft): void {
  const { texts, fields } = redactDraft(draft.events, () => ({ mode: 'full' }));
  const text = JSON.stringify(redactedValue(texts).surfaces);
  expect(text).toContain(words);
  expect(text).not.toContain(secret);
  expect(fields.size).toBe(1);
}

/** agent/segment -> core/seal -> agent/spool: what lies on the disk is ciphertext, signed. */
export async function theSegmentIsSealed(walk: Walk, draft: FinishedDraft): Promise<string> {
  const { sealer, outbox, device, words, secret, organisation } = walk;
  await sealer.seal(draft);
  const [note] = outbox.spool.notes();
  const bytes = note && (await outbox.spool.due(note.id));
  if (!note || !bytes) throw new Error('The spool is empty.');
  const segment = parseSealed(bytes);
  expect(await verifySealed(segment, fromBase64url(device.consent.payload.deviceKey))).toBe(true);
  for (const [path, file] of await organisation.everyFile()) {
    expect(file.includes(words), path).toBe(false);
    expect(file.includes(secret), path).toBe(false);
  }
  return note.id;
}

/** agent/upload -> server/intake: accepted once, the spool is empty, the same again is no error. */
export async function theServerAccepts({
  outbox,
  organisation,
  home,
  sealer,
}: Walk): Promise<void> {
  expect(await outbox.drain(sealer.session)).toBe(0);
  expect(outbox.spool.size()).toEqual({ segments: 0, bytes: 0 });
  const { segments } = await organisation.handrail(home.folder, 'status');
  expect(segments).toMatchObject({ accepted: 1 });
}

function settled(recorder: Walk['capture']['recorder']): true | undefined {
  recorder.tick();
  return recorder.heldCount === 0 ? true : undefined;
}
