// How one charter follows another: signed by those who decide under the older one. Whoever has
// pinned a charter gets to the newest by that alone, and learns where it asks for more.
import { type Charter, mayDecide, type Role } from './charter.ts';
import { type Signed, signersOf } from './envelope.ts';

/** Charters that a programme may have, one after the other. */
export const chartersMax = 200;

export type AmendmentRefusal =
  | 'another-programme'
  | 'another-number'
  | 'log-key-changed'
  | 'unsound-charter'
  | 'signatures-missing';

/** Why `next`, signed by `keys`, does not replace `charter`; undefined: it does. */
export function whyNotAmended(
  charter: Charter,
  next: Charter,
  keys: ReadonlySet<string>,
): AmendmentRefusal | undefined {
  if (next.programme !== charter.programme) return 'another-programme';
  if (next.number !== charter.number + 1) return 'another-number';
  // Who holds the ledger's key is no matter of the charter's words; a sample stays one.
  if (next.logVerifier !== charter.logVerifier) return 'log-key-changed';
  if (next.sample !== charter.sample || whyUnsound(next) !== undefined) return 'unsound-charter';
  return mayDecide(charter, keys) ? undefined : 'signatures-missing';
}

/** Why nobody could decide under this charter, in plain words; undefined: it is sound. */
export function whyUnsound(charter: Charter): string | undefined {
  const { persons, quorums, witnesses, witnessQuorum, sample } = charter;
  const has = (role: Role) => persons.some((person) => person.role === role);
  if (new Set(persons.map(({ id }) => id)).size < persons.length) return 'a person stands twice';
  if (new Set(persons.map(({ publicKey }) => publicKey)).size < persons.length) {
    return 'two persons have one key';
  }
  if (!has('steward') || !has('officer')) return 'it takes a steward and an officer';
  if (Math.max(quorums.manifest, quorums.grant) > decidingRoles) {
    return `stewards and officers are ${decidingRoles} roles: a quorum asks for more`;
  }
  if (new Set(witnesses).size < Math.max(witnessQuorum, witnesses.length)) {
    return 'the quorum of witnesses asks for more than there are';
  }
  if (!sample && witnessQuorum === 0) return 'it takes a witness outside the organisation';
  return undefined;
}

const decidingRoles = 2;

/** In what a charter goes further than one that somebody agreed to. */
export type WiderTerm = 'purposes' | 'retention' | 'notice' | 'k' | 'freshness';

/** Why who agreed to `agreed` has not agreed to `now`; empty: they have. */
export function widerTerms(agreed: Charter, now: Charter): readonly WiderTerm[] {
  const wider: WiderTerm[] = [];
  if (now.purposes.some((purpose) => !agreed.purposes.includes(purpose))) wider.push('purposes');
  const { raw, trajectory } = agreed.retentionDays;
  if (now.retentionDays.raw > raw || now.retentionDays.trajectory > trajectory) {
    wider.push('retention');
  }
  if (now.noticeDigest !== agreed.noticeDigest) wider.push('notice');
  if (now.k < agreed.k) wider.push('k');
  if (now.consentFreshDaysMax > agreed.consentFreshDaysMax) wider.push('freshness');
  return wider;
}

/**
 * The newest of `charters` (in order of their numbers) that follows from the one that `isPinned`
 * names, by the signatures of each one before. Undefined where none is pinned or one does not.
 */
export async function followCharters(
  charters: readonly Signed<Charter>[],
  isPinned: (charter: Charter) => boolean,
): Promise<{ readonly pinned: Charter; readonly newest: Signed<Charter> } | undefined> {
  const at = charters.findIndex(({ payload }) => isPinned(payload));
  const [pinned, ...later] = charters.slice(at, at + chartersMax);
  if (at < 0 || pinned === undefined) return undefined;
  let newest = pinned;
  for (const next of later) {
    const keys = await signersOf(next);
    if (whyNotAmended(newest.payload, next.payload, keys) !== undefined) return undefined;
    newest = next;
  }
  return { pinned: pinned.payload, newest };
}
