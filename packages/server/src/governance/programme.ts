// What is in force now: epoch, manifest, participants and their day keys, as the database has it.
// Kept in memory because every segment asks; whoever changes it calls `changed`.
import { HandrailError } from '@handrail/core/errors';
import {
  type Charter,
  type Halt,
  haltSchema,
  isWider,
  type ManifestStatement,
  manifestSchema,
  type Signed,
  signedSchema,
  type WiderTerm,
  widerTerms,
} from '@handrail/core/statement';
import type { Database } from '../storage/database.ts';
import { KeptMap } from '../storage/kept-map.ts';
import type { ParticipantRow } from '../storage/tables.ts';
import { Charters, type Decided } from './charters.ts';

const participantsKeptMax = 20_000;
const dayKeysKeptMax = 50_000;
const missingKeysKeptMax = 1_000;

/** Names the leaf of a login's stop; empty where none stands. */
export const loginStopFact = 'stoppedByLogin';
/** When the newest halt or stop was made. */
export const stoppedAtFact = 'stoppedAt';

export interface KnownManifest {
  readonly hash: string;
  readonly id: string;
  readonly state: 'active' | 'pending' | 'replaced';
  readonly statement: Signed<ManifestStatement>;
}

/** What the programme stood on when the server started. */
export interface Founded {
  readonly charter: Signed<Charter>;
  readonly notice: string;
  /** The vault's key, base64url. */
  readonly vaultKey: string;
  readonly noticeOf: (digest: string) => Promise<string | undefined>;
}

export interface InForce {
  readonly charter: Signed<Charter>;
  readonly fingerprint: string;
  /** Of that charter. */
  readonly notice: string;
  /** Phase, policies and roles, and every charter so far. */
  readonly decided: Decided;

  readonly programmeEpoch: number;
  readonly halted: boolean;
  /** Whether what halts it is no signed halt but a login's stop. */
  readonly stoppedByLogin: boolean;
  /** When the newest halt or stop was made: what was signed before it does not end it. */
  readonly stoppedAt: string;
  /** The halt or resume that made it so. */
  readonly standing: Signed<Halt> | undefined;
  /** A resume that has too few signatures yet. */
  readonly pendingResume: Signed<Halt> | undefined;
  readonly active: KnownManifest | undefined;
  /** By hash. */
  readonly manifests: ReadonlyMap<string, KnownManifest>;
}

export interface KnownDayKey {
  readonly pseudonym: string;
  readonly consentEpoch: number;
  readonly tier: string;
  readonly day: string;
}

const nothingYet = {
  programmeEpoch: 1,
  halted: false,
  stoppedByLogin: false,
  stoppedAt: '',
  standing: undefined,
  pendingResume: undefined,
  active: undefined,
  manifests: new Map(),
} as const;

export class Programme {
  readonly #db: Database;
  readonly #founded: Founded;
  readonly #charters: Charters;
  #inForce: InForce;
  readonly #participants = new KeptMap<string, ParticipantRow>(participantsKeptMax);
  readonly #dayKeys = new KeptMap<string, KnownDayKey>(dayKeysKeptMax);
  #stopped: ReadonlySet<string> = new Set();
  readonly #missing = new KeptMap<string, true>(missingKeysKeptMax);

  private constructor(db: Database, founded: Founded) {
    this.#db = db;
    this.#founded = founded;
    this.#charters = new Charters(founded.charter, founded.vaultKey);
    this.#inForce = { ...nothingYet, ...this.#decidedNow(founded.notice) };
  }

  static async load(db: Database, founded: Founded): Promise<Programme> {
    const programme = new Programme(db, founded);
    await programme.changed();
    return programme;
  }

  get inForce(): InForce {
    return this.#inForce;
  }

  /** Forgets what it knew and reads again. */
  async changed(): Promise<void> {
    this.#participants.clear();
    this.#missing.clear();
    const stopped = await this.#db.selectFrom('stopped_key').select('key').execute();
    this.#stopped = new Set(stopped.map(({ key }) => key));
    const facts = await this.#db.selectFrom('fact').selectAll().execute();
    const fact = new Map(facts.map(({ name, value }) => [name, value]));
    const rows = await this.#db.selectFrom('manifest').selectAll().orderBy('number').execute();
    const manifests = rows.map((row) => ({
      hash: row.hash,
      id: row.id,
      state: row.state,
      statement: signedManifest.parse(JSON.parse(row.statement)),
    }));
    await this.#charters.follow(this.#db);
    const halted = fact.get('halted') === 'true';
    const isStopped = (fact.get(loginStopFact) ?? '') !== '';
    this.#inForce = {
      ...this.#decidedNow(await this.#noticeInForce()),
      programmeEpoch: Number(fact.get('programmeEpoch') ?? 1),
      halted: halted || isStopped,
      stoppedByLogin: isStopped && !halted,
      stoppedAt: fact.get(stoppedAtFact) ?? '',
      standing: haltIn(fact.get('standing')),
      pendingResume: haltIn(fact.get('pendingResume')),
      active: manifests.find(({ state }) => state === 'active'),
      manifests: new Map(manifests.map((one) => [one.hash, one])),
    };
  }

  /** Whether this key may do no more than stop: its device is lost, or its login was ended. */
  isStopped(key: string): boolean {
    return this.#stopped.has(key);
  }

  async participantByKey(deviceKey: string): Promise<ParticipantRow | undefined> {
    const kept = this.#participants.get(deviceKey);
    if (kept !== undefined || this.#missing.get(deviceKey)) return kept;
    const row = await this.#db
      .selectFrom('participant')
      .selectAll()
      .where('device_key', '=', deviceKey)
      .executeTakeFirst();
    if (row) this.#participants.set(deviceKey, row);
    else this.#missing.set(deviceKey, true);
    return row;
  }

  async dayKey(publicKey: string): Promise<KnownDayKey | undefined> {
    const kept = this.#dayKeys.get(publicKey);
    if (kept !== undefined) return kept;
    const row = await this.#db
      .selectFrom('day_key')
      .select(['pseudonym', 'consent_epoch as consentEpoch', 'tier', 'day'])
      .where('public_key', '=', publicKey)
      .executeTakeFirst();
    if (row) this.#dayKeys.set(publicKey, row);
    return row;
  }

  /** In what the charter in force goes further than the one this participant agreed to. */
  widerFor({ fingerprint }: ParticipantRow): readonly WiderTerm[] {
    const agreed = this.#charters.agreed(fingerprint);
    return agreed === undefined ? ['notice'] : widerTerms(agreed, this.#charters.inForce.payload);
  }

  /** The charter with this fingerprint, if there was one. */
  charterOf(fingerprint: string): Charter | undefined {
    return this.#charters.agreed(fingerprint);
  }

  #decidedNow(notice: string) {
    const { inForce: charter, fingerprint, decided } = this.#charters;
    return { charter, fingerprint, decided, notice };
  }

  async #noticeInForce(): Promise<string> {
    const { noticeDigest } = this.#charters.inForce.payload;
    const { charter, notice, noticeOf } = this.#founded;
    if (noticeDigest === charter.payload.noticeDigest) return notice;
    const found = await noticeOf(noticeDigest);
    if (found !== undefined) return found;
    throw new HandrailError('storage.broken', 'The notice of the charter in force is missing.');
  }

  /** Whether who accepted `acceptedHash` has thereby accepted all that is captured under `next`. */
  covers(acceptedHash: string | null, next: KnownManifest): boolean {
    if (acceptedHash === null) return false;
    if (acceptedHash === next.hash) return true;
    const accepted = this.#inForce.manifests.get(acceptedHash);
    if (accepted === undefined) return false;
    return !isWider(accepted.statement.payload.manifest, next.statement.payload.manifest);
  }
}

function haltIn(text: string | undefined): Signed<Halt> | undefined {
  return text === undefined || text === '' ? undefined : signedHalt.parse(JSON.parse(text));
}

const signedHalt = signedSchema(haltSchema);
const signedManifest = signedSchema(manifestSchema);
