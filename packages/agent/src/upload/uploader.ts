// Hands in what is due, in order, each segment until it is answered. Retries back off with jitter;
// a refusal that will not change removes the segment and is counted, so nothing piles up for ever.
import { type ErrorCode, HandrailError } from '@handrail/core/errors';
import { parseSealed, verifySealed } from '@handrail/core/segment';
import { type ClientContext, call, deviceRoutes } from '@handrail/core/wire';
import type { Forgotten } from '../spool/forgotten.ts';
import type { Spool, SpoolNote } from '../spool/spool.ts';

export const retrySecondsMin = 1;
export const retrySecondsMax = 300;

/** Refusals that the same bytes will always meet again. */
const finalRefusals: ReadonlySet<ErrorCode> = new Set([
  'consent.stale',
  'state.conflict',
  'programme.halted',
  'input.invalid',
  'input.too-large',
  'format.unknown',
  'format.truncated',
  'keys.unknown',
  'keys.destroyed',
]);

export interface UploadOutcome {
  readonly sent: number;
  readonly refused: readonly ErrorCode[];
  /** Due segments still here, and why. */
  readonly waiting: { readonly segments: number; readonly because: ErrorCode } | undefined;
}

interface Refusal {
  readonly code: ErrorCode;
  readonly final: boolean;
}

/** One pass over all that is due at `nowMs`. Never throws for what the server says. */
export async function uploadDue(
  spool: Spool,
  forgotten: Forgotten,
  client: ClientContext,
  nowMs: number,
): Promise<UploadOutcome> {
  await spool.release(nowMs);
  const due = spool.notes().filter((note) => note.heldUntilMs <= nowMs);
  const refused: ErrorCode[] = [];
  let sent = 0;
  for (const [at, note] of due.entries()) {
    const answer = await handIn(spool, forgotten, client, note);
    if (answer === 'sent') sent++;
    else if (answer.final) refused.push(answer.code);
    else return { sent, refused, waiting: { segments: due.length - at, because: answer.code } };
  }
  return { sent, refused, waiting: undefined };
}

/** Seconds until try number `attempt` (from 1); `random` is in [0, 1). */
export function retrySeconds(attempt: number, random: number): number {
  const ceiling = Math.min(retrySecondsMax, retrySecondsMin * 2 ** Math.min(attempt, 12));
  return retrySecondsMin + random * (ceiling - retrySecondsMin);
}

async function handIn(
  spool: Spool,
  forgotten: Forgotten,
  client: ClientContext,
  note: SpoolNote,
): Promise<'sent' | Refusal> {
  const body = await spool.due(note.id);
  if (body === undefined) {
    // Forgotten, or handed in by another process of this home.
    await spool.drop(note.id);
    return 'sent';
  }
  try {
    await call(client, deviceRoutes.putSegment, { params: { id: note.id }, body });
  } catch (cause) {
    const code = cause instanceof HandrailError ? cause.code : 'internal';
    const final = await isFinal(code, body, client);
    if (final) {
      await forgotten.add(note.session, [note.sequence], false);
      await spool.drop(note.id);
    }
    return { code, final };
  }
  await spool.drop(note.id);
  return 'sent';
}

/** A bad signature may be the request's, by a clock that is wrong for a while. */
async function isFinal(code: ErrorCode, body: Uint8Array, client: ClientContext): Promise<boolean> {
  if (code !== 'signature.invalid') return finalRefusals.has(code);
  const key = client.signer?.publicKey;
  return key !== undefined && !(await verifySealed(parseSealed(body), key));
}
