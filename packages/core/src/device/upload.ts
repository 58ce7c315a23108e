// Hands in what is due, in order, each segment until it is answered. Retries back off with jitter;
// a refusal that will not change removes the segment and is counted, so nothing piles up for ever.
import { type ErrorCode, HandrailError } from '../errors/index.ts';
import { parseSealed, verifySealed } from '../segment/index.ts';
import { type ClientContext, call, deviceRoutes } from '../wire/index.ts';

/** What a device knows of a waiting segment, without content. */
export interface SpoolNote {
  readonly id: string;
  readonly session: string;
  readonly sequence: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly heldUntilMs: number;
}

/** Where sealed segments wait on a device. */
export interface Waiting {
  /** Ends the review window of what is due. */
  release(nowMs: number): Promise<void>;
  notes(): readonly SpoolNote[];
  /** Undefined once it is gone. */
  due(id: string): Promise<Uint8Array | undefined>;
  drop(id: string): Promise<void>;
}

/** Keeps which segments will never come, until that is told. */
export interface Holes {
  add(session: string, sequences: readonly number[], ended: boolean): Promise<void>;
}

/** Segments of one session that will never come; `ended`: nor will any other. */
export interface Hole {
  readonly session: string;
  readonly sequences: readonly number[];
  readonly ended: boolean;
}

/** The route takes no more in one call. */
const toldAtOnceMax = 10_000;

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
  spool: Waiting,
  forgotten: Holes,
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
  spool: Waiting,
  forgotten: Holes,
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

/** Throws what the server or the line says. */
export async function tellHole(
  client: ClientContext,
  { session, sequences, ended }: Hole,
): Promise<void> {
  for (let at = 0; at < sequences.length; at += toldAtOnceMax) {
    const body = { sequences: sequences.slice(at, at + toldAtOnceMax), ended: false };
    await call(client, deviceRoutes.forgotten, { params: { session }, body });
  }
  if (!ended) return;
  const body = { sequences: [], ended };
  await call(client, deviceRoutes.forgotten, { params: { session }, body });
}
