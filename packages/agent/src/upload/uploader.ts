// Hands in what is due, in order, each segment until it is answered. Retries back off with jitter;
// a refusal that will not change removes the segment and is counted, so nothing piles up for ever.
import { type ErrorCode, HandrailError } from '@handrail/core/errors';
import { type ClientContext, call, deviceRoutes } from '@handrail/core/wire';
import type { Forgotten } from '../spool/forgotten.ts';
import type { Spool, SpoolNote } from '../spool/spool.ts';

export const retrySecondsMin = 1;
export const retrySecondsMax = 300;

/** Refusals that the same bytes will always meet again. */
const finalRefusals: ReadonlySet<ErrorCode> = new Set([
  'signature.invalid',
  'consent.stale',
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
    else if (finalRefusals.has(answer)) refused.push(answer);
    else return { sent, refused, waiting: { segments: due.length - at, because: answer } };
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
): Promise<'sent' | ErrorCode> {
  const body = await spool.due(note.id);
  if (body === undefined) return 'sent';
  try {
    await call(client, deviceRoutes.putSegment, { params: { id: note.id }, body });
  } catch (cause) {
    const code = cause instanceof HandrailError ? cause.code : 'internal';
    if (finalRefusals.has(code)) {
      await forgotten.add(note.session, [note.sequence], false);
      await spool.drop(note.id);
    }
    return code;
  }
  await spool.drop(note.id);
  return 'sent';
}
