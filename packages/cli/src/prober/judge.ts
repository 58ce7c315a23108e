// What an answer gives away. A probe succeeded when it was answered what its identity has no right
// to, when another's is not answered like what does not exist, or when a refusal tells too much.
import { equalBytes, fromUtf8 } from '@handrail/core/bytes';
import type { ProbeFinding } from '@handrail/core/statement';
import type { Targets, Way } from './way.ts';

export interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** What somebody without rights may still know. */
export interface Standing {
  readonly name: string;
  /** Callers of the document that this identity is. */
  readonly callers: readonly string[];
  /** Kinds of ids that this identity may know of. */
  readonly knows: readonly string[];
  /** Ways whose answers are made of ids. */
  readonly told: readonly string[];
}

export interface Answers {
  readonly theirs: readonly Answer[];
  readonly nothing: Answer;
}

/** About nobody, and public: reports of incidents, manifests, and the list of releases. */
const publicKinds = ['incident', 'manifest', 'release'];
/** Places in our own files and machines that an error must not show. */
const inside = /node_modules|file:\/\/|\.ts:\d|\/(home|root|tmp|var)\//;

export function judge(
  way: Way,
  standing: Standing,
  { theirs, nothing }: Answers,
  targets: Targets,
): ProbeFinding['what'] | undefined {
  const all = [...theirs, nothing];
  const mayCall = way.caller !== undefined && standing.callers.includes(way.caller);
  const knows = way.kind !== undefined && standing.knows.includes(way.kind);
  if (!mayCall && all.some(isAnswered)) return 'read';
  const isReading = way.method === 'GET' && way.kind !== undefined;
  if (isReading && !knows && all.some(isAnswered)) return 'read';
  if (!knows && theirs.some((one) => !isSame(one, nothing))) {
    return theirs.some(isAnswered) ? 'read' : 'told-apart';
  }
  return all.some((answer) => tells(answer, way, standing, targets)) ? 'told' : undefined;
}

function isAnswered({ status }: Answer): boolean {
  return status < 400;
}

function isSame(one: Answer, other: Answer): boolean {
  return one.status === other.status && equalBytes(one.body, other.body);
}

function tells(answer: Answer, way: Way, { knows, told }: Standing, targets: Targets): boolean {
  const text = fromUtf8Loosely(answer.body);
  if (!isAnswered(answer)) return inside.test(text);
  if (told.includes(way.path)) return false;
  const known = [...publicKinds, ...knows];
  const foreign = Object.entries(targets).filter(([kind]) => !known.includes(kind));
  return foreign.some(([, ids]) => ids.some((id) => text.includes(id)));
}

function fromUtf8Loosely(body: Uint8Array): string {
  try {
    return fromUtf8(body);
  } catch {
    return '';
  }
}
