// Whether a reading session stands now: signed by who may read what it names, still running, and
// by a right that still holds. It is asked again before each chunk leaves.
import type { OpenedBy } from '@handrail/core/opening';
import {
  type Grant,
  grantNames,
  type Purpose,
  type ReadingSession,
  readingSecondsMax,
  type Signed,
  signersOf,
} from '@handrail/core/statement';
import type { Question } from '@handrail/policy/question';
import { granteeOf } from '../reading/grantee.ts';
import type { LedgerState } from '../state/state.ts';
import type { Consenting, ConsentQuestion } from './consent.ts';
import { checkReadingGrant } from './grant.ts';
import { grantAsking, participantAsking, phaseIn } from './policy.ts';
import { type Refused, refuse } from './verdict.ts';

export interface ReadingQuestion extends Pick<ConsentQuestion, 'vaultKey' | 'nowMs'> {
  /** The file of the grant that the session names, when it names one. */
  readonly grant: Signed<Grant> | undefined;
  /** Whose the job says that it is. */
  readonly pseudonym: string;
  readonly consentEpoch: number;
}

/** What a session names, as it is stored: whose it is by what was signed, and whether it is so. */
export interface Stored {
  readonly pseudonym: string;
  readonly consentEpoch: number;
  check(
    state: LedgerState,
    question: Omit<ConsentQuestion, 'pseudonym' | 'consentEpoch'>,
  ): Promise<Consenting | Refused>;
}

export interface ReadingRight {
  readonly kind: 'allowed';
  readonly purpose: Purpose | 'self-view';
  /** Undefined for an owner. */
  readonly grant: Grant | undefined;
  readonly openedBy: OpenedBy;
  readonly until: string;
  /** For the policy. */
  readonly question: Question;
}

export async function checkReading(
  state: LedgerState,
  stored: Stored,
  session: Signed<ReadingSession>,
  question: ReadingQuestion,
): Promise<ReadingRight | Refused> {
  const { programme, until, by } = session.payload;
  const { vaultKey, nowMs } = question;
  const use = useOf(session.payload, question);
  const owned = await stored.check(state, { vaultKey, nowMs, ...use });
  if (owned.kind === 'refused') return owned;
  const { pseudonym, consentEpoch } = stored;
  if (pseudonym !== question.pseudonym) return refuse('another-participant');
  if (consentEpoch !== question.consentEpoch) return refuse('another-consent-epoch');
  if (programme !== state.charter.programme) return refuse('another-programme');
  const leftMs = Date.parse(until) - question.nowMs;
  if (leftMs <= 0 || leftMs > readingSecondsMax * 1000) return refuse('session-expired');
  return 'grant' in by
    ? asGrantee(state, session, question)
    : asOwner(state, session, by.participant, question);
}

/** Whom it is for decides which consent it takes. */
function useOf({ by }: ReadingSession, { grant }: ReadingQuestion) {
  if (!('grant' in by)) return { use: 'self-view' } as const;
  return grant === undefined ? {} : { purpose: grant.payload.purpose };
}

async function asOwner(
  state: LedgerState,
  session: Signed<ReadingSession>,
  reader: string,
  question: ReadingQuestion,
): Promise<ReadingRight | Refused> {
  const { pseudonym } = question;
  if (reader !== pseudonym) return refuse('another-participant');
  if (state.revokedDevices.has(pseudonym)) return refuse('device-revoked');
  const key = state.participants.get(pseudonym)?.deviceKey;
  if (key === undefined || !(await isSignedBy(session, key))) return refuse('session-not-signed');
  const { payload } = session;
  const asked = {
    by: participantAsking(state, { ...question, use: 'self-view' }),
    phase: phaseIn(state),
  };
  const owned = (id: string) => ({ id, owner: pseudonym });
  return {
    ...{ kind: 'allowed', purpose: 'self-view', grant: undefined, until: payload.until },
    openedBy: { kind: 'owner' },
    question:
      'segment' in payload
        ? { action: 'quarantine.open', ...asked, recording: owned(payload.segment) }
        : { action: 'trajectory.open', ...asked, trajectory: owned(payload.trajectory) },
  };
}

async function asGrantee(
  state: LedgerState,
  session: Signed<ReadingSession>,
  question: ReadingQuestion,
): Promise<ReadingRight | Refused> {
  const { by, until } = session.payload;
  const subject = session.payload;
  const { grant: file, nowMs } = question;
  if (file === undefined || !('grant' in by)) return refuse('grant-unknown');
  const standing = await checkReadingGrant(state, file, { id: by.grant, subject, nowMs });
  if (standing.kind === 'refused') return standing;
  const { grant, holder } = standing;
  if (!(await isSignedBy(session, holder.publicKey))) return refuse('session-not-signed');
  const asked = grantAsking(state, grant, nowMs);
  const owner = participantAsking(state, { ...question, purpose: grant.purpose });
  const inScope = grantNames(grant, subject);
  const named = (id: string) => ({ id, owner, inScope });
  return {
    ...{ kind: 'allowed', purpose: grant.purpose, grant },
    openedBy: granteeOf(state.charter, grant),
    until: until < standing.until ? until : standing.until,
    question:
      'segment' in subject
        ? { action: 'recording.read', ...asked, recording: named(subject.segment) }
        : { action: 'trajectory.read', ...asked, trajectory: named(subject.trajectory) },
  };
}

async function isSignedBy(session: Signed<ReadingSession>, key: string): Promise<boolean> {
  return (await signersOf(session)).has(key);
}
