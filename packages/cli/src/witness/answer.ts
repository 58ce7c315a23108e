// The two calls of a witness as pure requests and answers, apart from HTTP's plumbing: cosign a
// checkpoint, and show the last one cosigned.
import { createHash } from 'node:crypto';
import { utf8 } from '@handrail/core/bytes';
import { cosign, logSizeContentType, type VerifierKey } from '@handrail/core/ledger';
import { decide, refusalStatus, type WitnessDecision } from './decide.ts';
import type { WitnessKey } from './key-file.ts';
import type { WitnessState } from './state-file.ts';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

export interface WitnessContext {
  readonly key: WitnessKey;
  readonly state: WitnessState;
  /** The logs this witness knows; several keys may have one origin. */
  readonly logs: readonly VerifierKey[];
  /** Unix milliseconds. */
  readonly nowMs: () => number;
}

const plain = 'text/plain; charset=utf-8';

/**
 * Answers one add-checkpoint. Calls must come one after the other: between looking up the last
 * checkpoint and keeping the next one nothing else may be decided.
 */
export async function addCheckpoint(context: WitnessContext, body: Uint8Array): Promise<Answer> {
  const { key, state, logs, nowMs } = context;
  const decision = await decide(body, logs, (origin) => state.headOf(origin));
  if (decision.kind !== 'cosign') return refusal(decision);
  const { text, logLine, checkpoint } = decision;
  const line = await cosign(text, key, Math.floor(nowMs() / 1000));
  await state.keep(checkpoint.origin, `${text}\n${logLine}\n${line}\n`);
  return { status: 200, contentType: plain, body: utf8(`${line}\n`) };
}

function refusal(decision: Exclude<WitnessDecision, { kind: 'cosign' }>): Answer {
  const status = refusalStatus[decision.kind];
  return decision.kind === 'size-conflict'
    ? { status, contentType: logSizeContentType, body: utf8(`${decision.knownSize}\n`) }
    : plainAnswer(status, decision.kind);
}

/** `/<hex SHA-256 of the origin>/checkpoint`: the last cosigned checkpoint, for monitors. */
export function lastCheckpoint({ state }: WitnessContext, path: string): Answer {
  const [, hash] = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path) ?? [];
  const origin = state
    .origins()
    .find((one) => createHash('sha256').update(one).digest('hex') === hash);
  const body = origin === undefined ? undefined : state.noteOf(origin);
  return body ? { status: 200, contentType: plain, body } : plainAnswer(404, 'no checkpoint');
}

export function plainAnswer(status: number, line: string): Answer {
  return { status, contentType: plain, body: utf8(`${line}\n`) };
}
