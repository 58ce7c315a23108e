// Where a programme stands after what was decided about it, in the order of the ledger. Server and
// keeper come to it by the same rules, each from the statements that it has checked itself.
import { canonicalDigest } from '../canonical-json/index.ts';
import { type AmendmentRefusal, whyNotAmended, whyUnsound } from './amendment.ts';
import { type Charter, mayDecide, oversees, type Person, personOf } from './charter.ts';
import type { LifeStatement, PolicyStatement, Recertification } from './programme.ts';

export type ProgrammePhase = 'draft' | 'active' | 'closed';
export type ProgrammeDecision = Charter | PolicyStatement | LifeStatement | Recertification;

export interface ProgrammeStanding {
  /** In order of their numbers; the last is in force. */
  readonly charters: readonly Charter[];
  readonly phase: ProgrammePhase;
  readonly policy: Pick<PolicyStatement, 'number' | 'digest'> | undefined;
  /** Digests of all bundles so far, the one in force last. */
  readonly policies: readonly string[];
  /** When each person's role was last certified, Unix ms, by their id. */
  readonly certified: ReadonlyMap<string, number>;
}

export type DecisionRefusal =
  | AmendmentRefusal
  | 'closed'
  | 'not-a-draft'
  | 'not-active'
  | 'another-charter'
  | 'no-policy'
  | 'not-in-the-charter';

export type Judged =
  | { readonly kind: 'holds'; readonly standing: ProgrammeStanding }
  | { readonly kind: 'refused'; readonly reason: DecisionRefusal };

const dayMs = 86_400_000;
const recertifyDaysDefault = 180;

export function newStanding(charter: Charter): ProgrammeStanding {
  const atMs = Date.parse(charter.startedAt);
  const certified = new Map(charter.persons.map(({ id }) => [id, atMs]));
  return { charters: [charter], phase: 'draft', policy: undefined, policies: [], certified };
}

export function charterInForce({ charters }: ProgrammeStanding): Charter {
  return charters[charters.length - 1] as Charter;
}

/** What follows from `decision`, validly signed by `keys` and in the ledger at `atMs`. */
export function judge(
  standing: ProgrammeStanding,
  decision: ProgrammeDecision,
  keys: ReadonlySet<string>,
  atMs: number,
): Judged {
  const charter = charterInForce(standing);
  const able = certifiedKeys(standing, keys, atMs);
  if (decision.programme !== charter.programme) return refused('another-programme');
  if (decision.kind === 'recertification') {
    return recertified(standing, decision, { keys, able }, atMs);
  }
  const isPolicy = decision.kind === 'policy';
  if (standing.phase === 'closed' && !isPolicy) return refused('closed');
  if (decision.kind === 'charter') return amended(standing, decision, able, atMs);
  if (isPolicy) return underPolicy(standing, decision, able);
  return lived(standing, decision, able);
}

/** How long a person's role goes on without being certified again. */
export function certifiedUntilMs(standing: ProgrammeStanding, { id }: Person): number {
  const { recertifyDays = recertifyDaysDefault } = charterInForce(standing);
  return (standing.certified.get(id) ?? Number.NEGATIVE_INFINITY) + recertifyDays * dayMs;
}

/** `keys` without those of persons whose roles have lapsed at `atMs`. */
export function certifiedKeys(
  standing: ProgrammeStanding,
  keys: ReadonlySet<string>,
  atMs: number,
): ReadonlySet<string> {
  const charter = charterInForce(standing);
  const able = [...keys].filter((key) => {
    const person = personOf(charter, key);
    return person === undefined || atMs < certifiedUntilMs(standing, person);
  });
  return new Set(able);
}

function amended(
  standing: ProgrammeStanding,
  next: Charter,
  able: ReadonlySet<string>,
  atMs: number,
): Judged {
  const before = charterInForce(standing);
  const reason = whyNotAmended(before, next, able);
  if (reason !== undefined) return refused(reason);
  const certified = next.persons.map((person): [string, number] => {
    const stays = before.persons.some((old) => canonicalDigest(old) === canonicalDigest(person));
    return [person.id, stays ? (standing.certified.get(person.id) ?? atMs) : atMs];
  });
  return holds({
    ...standing,
    charters: [...standing.charters, next],
    certified: new Map(certified),
  });
}

/** Closed programmes may change their policies: people go on reading what is their own. */
function underPolicy(
  standing: ProgrammeStanding,
  { number, digest }: PolicyStatement,
  able: ReadonlySet<string>,
): Judged {
  if (number !== (standing.policy?.number ?? 0) + 1) return refused('another-number');
  if (!mayDecide(charterInForce(standing), able)) return refused('signatures-missing');
  return holds({
    ...standing,
    policy: { number, digest },
    policies: [...standing.policies, digest],
  });
}

function lived(
  standing: ProgrammeStanding,
  { kind, charter: named }: LifeStatement,
  able: ReadonlySet<string>,
): Judged {
  const charter = charterInForce(standing);
  if (named !== canonicalDigest(charter)) return refused('another-charter');
  if (kind === 'start') {
    if (standing.phase !== 'draft') return refused('not-a-draft');
    if (whyUnsound(charter) !== undefined) return refused('unsound-charter');
    if (standing.policy === undefined) return refused('no-policy');
  }
  if (!mayDecide(charter, able)) return refused('signatures-missing');
  return holds({ ...standing, phase: kind === 'start' ? 'active' : 'closed' });
}

/**
 * Somebody of another role certifies a person. Where nobody is left who may, those whom the charter
 * asks for any decision do so together, lapsed or not: they can do nothing else.
 */
function recertified(
  standing: ProgrammeStanding,
  { persons, at }: Recertification,
  { keys, able }: { readonly keys: ReadonlySet<string>; readonly able: ReadonlySet<string> },
  atMs: number,
): Judged {
  const charter = charterInForce(standing);
  const named = charter.persons.filter(({ id }) => persons.includes(id));
  if (named.length < persons.length) return refused('not-in-the-charter');
  const signing = charter.persons.filter((person) => {
    return able.has(person.publicKey) && oversees(person);
  });
  const byOthers = named.every(({ role }) => signing.some((other) => other.role !== role));
  if (!byOthers && !mayDecide(charter, keys)) return refused('signatures-missing');
  const certified = new Map(standing.certified);
  // Shown again later, it is worth no more than on the day on which it was signed.
  const signedMs = Math.min(atMs, Date.parse(at));
  for (const { id } of named) certified.set(id, Math.max(signedMs, certified.get(id) ?? 0));
  return holds({ ...standing, certified });
}

function holds(standing: ProgrammeStanding): Judged {
  return { kind: 'holds', standing };
}

function refused(reason: DecisionRefusal): Judged {
  return { kind: 'refused', reason };
}
