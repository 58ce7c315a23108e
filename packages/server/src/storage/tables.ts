// The tables as TypeScript sees them. Integers fit 32 bits and blobs are base64url text, because
// PGlite and pg return wider integers and bytes in different types.
import type { Generated, Insertable, Selectable } from 'kysely';

export interface Tables {
  fact: FactTable;
  statement: StatementTable;
  programme_decision: ProgrammeDecisionTable;
  pending_decision: PendingDecisionTable;
  participant: ParticipantTable;
  manifest: ManifestTable;
  grant_request: GrantTable;
  approval: ApprovalTable;
  day_key: DayKeyTable;
  segment: SegmentTable;
  session: SessionTable;
  forgotten: ForgottenTable;
  intake_batch: IntakeBatchTable;
  refusal: RefusalTable;
  trajectory: TrajectoryTable;
  trajectory_segment: TrajectorySegmentTable;
  release: ReleaseTable;
  objection: ObjectionTable;
  model: ModelTable;
  job: JobTable;
  node: NodeTable;
  incident: IncidentTable;
  probe_round: ProbeRoundTable;
  probe_path: ProbePathTable;
  login_identity: LoginIdentityTable;
  login_session: LoginSessionTable;
  login_ticket: LoginTicketTable;
  passkey: PasskeyTable;
  stopped_key: StoppedKeyTable;
  hold: HoldTable;
  bystander_request: BystanderTable;
  certificate: CertificateTable;
}

/** Single facts of the programme by name, such as `programmeEpoch`. */
interface FactTable {
  name: string;
  value: string;
}

interface StatementTable {
  /** Leaf of the ledger. */
  leaf: number;
  commitment: string;
  digest: string;
  kind: string;
  /** Of statements that one participant made. */
  pseudonym: string | null;
}

/** Charters, policies, start, close and recertifications in the order of the ledger. */
interface ProgrammeDecisionTable {
  leaf: number;
  /** When it came into the ledger. */
  at: string;
  statement: string;
}

/** Decisions that some have signed, and too few yet. */
interface PendingDecisionTable {
  digest: string;
  statement: string;
}

interface ParticipantTable {
  pseudonym: string;
  name: string | null;
  device: string;
  device_key: string;
  reading_key: string;
  state: 'active' | 'withdrawn' | 'erased';
  consent_epoch: number;
  consent_at: string;
  manifest: string | null;
  /** Of the charter that was agreed to. */
  fingerprint: string | null;
  /** The last consent epoch that was withdrawn or erased. */
  left_epoch: Generated<number>;
}

interface ManifestTable {
  hash: string;
  id: string;
  number: number;
  state: 'active' | 'pending' | 'replaced';
  statement: string;
}

interface GrantTable {
  id: string;
  holder: string;
  digest: string;
  statement: string;
  revoked: boolean;
  ordinal: Generated<number>;
}

interface ApprovalTable {
  grant_id: string;
  key: string;
  leaf: number;
  statement: string;
}

interface DayKeyTable {
  public_key: string;
  pseudonym: string;
  consent_epoch: number;
  tier: 'raw' | 'trajectory';
  day: string;
  statement: string;
}

export type SegmentState = 'accepted' | 'refined' | 'quarantined' | 'rejected';

interface SegmentTable {
  id: string;
  pseudonym: string;
  session: string;
  sequence: number;
  closes: boolean;
  consent_epoch: number;
  day: string;
  bytes: number;
  state: SegmentState;
  reason: string | null;
  /** The batch whose leaf stands in the ledger; null when it was refused. */
  batch: string | null;
  job: string | null;
  /** Whether its object is still there. */
  stored: Generated<boolean>;
}

interface SessionTable {
  pseudonym: string;
  session: string;
  /** The first sequence that is in no job yet. */
  next_sequence: number;
  ended: boolean;
}

interface ForgottenTable {
  pseudonym: string;
  session: string;
  sequence: number;
}

interface IntakeBatchTable {
  batch: string;
  leaf: number;
  salt: string;
}

/** Counts only: which refusals happened on which UTC day. */
interface RefusalTable {
  day: string;
  reason: string;
  count: number;
}

interface TrajectoryTable {
  id: string;
  pseudonym: string;
  consent_epoch: number;
  day: string;
  actions: number;
  /** JSON. */
  contexts: string;
  removed: boolean;
  /** What took its place. */
  next: string | null;
  /** Whether it took the place of another, at a bystander's request. */
  remade: Generated<boolean>;
  /** Whether its object is still there. */
  stored: Generated<boolean>;
  ordinal: Generated<number>;
}

interface TrajectorySegmentTable {
  trajectory: string;
  segment: string;
}

interface ReleaseTable {
  id: string;
  grant_id: string;
  /** ReleaseFacts as JSON. */
  facts: string;
  ordinal: Generated<number>;
}

interface ObjectionTable {
  digest: string;
  pseudonym: string;
  purpose: string;
  /** When it came into the ledger, and when its answer did. */
  at: string;
  answer: Generated<'upheld' | 'declined' | null>;
  reason: Generated<string | null>;
  answered_at: Generated<string | null>;
  ordinal: Generated<number>;
}

interface ModelTable {
  /** Of its statement. */
  digest: string;
  release: string;
  /** Signed statements as JSON. */
  statement: string;
  decision: Generated<string | null>;
  ordinal: Generated<number>;
}

interface JobTable {
  id: string;
  /** In the queue. */
  queue_id: string;
  kind: string;
  /** Whose data it is about, if one participant's. */
  pseudonym: string | null;
  /** Who may ask for its state: a pseudonym or a person; null for the server's own. */
  requester: string | null;
  state: 'waiting' | 'running' | 'done' | 'failed';
  body: string;
  reason: string | null;
  facts: string | null;
  result: string | null;
  /** Unix seconds; a running job is given to another after this. */
  lease_until: number | null;
  /** Unix seconds, while there is a result to fetch; nothing else is timed. */
  ended_at: number | null;
  attempts: Generated<number>;
}

interface NodeTable {
  name: string;
  value: string;
}

export interface IncidentTable {
  id: string;
  /** Ledger entry of its opening. */
  leaf: number;
  severity: number;
  opened_at: string;
  /** Signed statements as JSON. */
  opened: string;
  closed_at: string | null;
  closed: string | null;
}

export interface ProbeRoundTable {
  /** Ledger entry. */
  leaf: number;
  started_at: string;
  ended_at: string;
  tried: number;
  findings: number;
  untried: number;
  /** Signed report as JSON. */
  report: string;
}

interface ProbePathTable {
  path: string;
  identity: string;
  denied_at: string | null;
  open_at: string | null;
}

/** Somebody who can sign in; what they may stop follows from the holder. */
interface LoginIdentityTable {
  id: string;
  issuer: string;
  subject: string;
  user_name: string;
  /** The pseudonym or person whose own key said so; null: nobody's. */
  holder: string | null;
  /** That key, base64url. */
  holder_key: string | null;
  /** What it signed, as JSON; null where it asked for a one-time link. */
  link: string | null;
  active: Generated<boolean>;
}

interface LoginSessionTable {
  /** SHA-256 of what the cookie holds, base64url. */
  hash: string;
  identity: string;
  /** SHA-256 of the code that a key names to link this login's identity. */
  link_code: string;
  /** Unix seconds. */
  started_at: number;
  seen_at: number;
}

interface LoginTicketTable {
  /** SHA-256 of the ticket, base64url. */
  hash: string;
  purpose: string;
  /** JSON. */
  body: string;
  /** Unix seconds. */
  expires_at: number;
}

interface PasskeyTable {
  /** Of the credential, base64url. */
  id: string;
  identity: string;
  /** COSE, base64url. */
  public_key: string;
  counter: string;
}

/** Keys that sign nothing any more, but that they withdraw. */
interface StoppedKeyTable {
  key: string;
  why: 'device-lost' | 'login-ended';
}

interface HoldTable {
  id: string;
  state: 'pending' | 'placed' | 'released';
  /** Null: over everybody's. */
  participant: string | null;
  /** UTC days, both included; null: all. */
  from_day: string | null;
  to_day: string | null;
  /** Signed<Hold>. */
  statement: string;
  /** Signed<HoldRelease>, complete only where the state says so. */
  release: string | null;
  ordinal: Generated<number>;
}

interface BystanderTable {
  /** Of the sealed request. */
  digest: string;
  /** UTC day on which it came in. */
  day: string;
  state: 'waiting' | 'decided' | 'done' | 'refused';
  /** Of the decision. */
  leaf: number | null;
  /** Signed<BystanderRemoval>, complete only where the state says so. */
  statement: string | null;
  /** JSON: what the vault says of it, without content. */
  answer: string | null;
  ordinal: Generated<number>;
}

/** What the vault says of a destruction. */
interface CertificateTable {
  pseudonym: string;
  consent_epoch: number;
  statement: string;
}

export type BystanderRow = Selectable<BystanderTable>;
export type HoldRow = Selectable<HoldTable>;
export type ParticipantRow = Selectable<ParticipantTable>;
export type GrantRow = Selectable<GrantTable>;
export type LoginIdentityRow = Selectable<LoginIdentityTable>;
export type NewSegment = Insertable<SegmentTable>;
export type JobRow = Selectable<JobTable>;
