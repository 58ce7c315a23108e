// A whole small programme in memory for tests: real keys, a real ledger with a witness, a charter
// with two deciders, and a server that keeps what it is given. Only the network is left out.
import { randomBytes } from 'node:crypto';
import { toBase64url, toHex, utf8 } from '@handrail/core/bytes';
import { canonicalBytes, canonicalDigest } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import { type Id, type IdPrefix, idOf } from '@handrail/core/ids';
import {
  addSignatures,
  appendEntries,
  checkpointPath,
  commitment,
  cosign,
  emptyEdge,
  encodeEntry,
  type LedgerReader,
  type LogEdge,
  type NoteSigner,
  parseNote,
  signCheckpoint,
  verifierKey,
  verifierLine,
} from '@handrail/core/ledger';
import { newSealKeyPair, type Signer, signerFromSeed } from '@handrail/core/seal';
import {
  type Approval,
  type Charter,
  type Consent,
  type Grant,
  type ManifestFile,
  type ManifestStatement,
  manifestHash,
  programmeFingerprint,
  type Recipe,
  recipeDigest,
  type Signed,
  type Statement,
  sign,
  withPrompt,
} from '@handrail/core/statement';
import type { StatementPayload, StatementSource } from '../ledger/statements.ts';

export const startMs = Date.parse('2026-11-23T10:00:00Z');
export const instantOf = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

export function newId<P extends IdPrefix>(prefix: P): Id<P> {
  return idOf(prefix, randomBytes(32));
}

async function newSigner(): Promise<Signer> {
  return signerFromSeed(new Uint8Array(randomBytes(32)));
}

/** A log with one witness whose clock, signature and honesty a test can change. */
export class TrialLedger {
  readonly files = new Map<string, Uint8Array>();
  readonly reader: LedgerReader = { readTile: async (path) => this.files.get(path) };
  readonly log: NoteSigner;
  readonly witness: NoteSigner;
  nowMs = () => startMs;
  witnessed = true;
  #edge: LogEdge = emptyEdge;

  constructor(log: NoteSigner, witness: NoteSigner) {
    this.log = log;
    this.witness = witness;
  }

  async append(entries: readonly Uint8Array[]): Promise<{ firstIndex: number }> {
    const firstIndex = this.#edge.size;
    const growth = appendEntries(this.#edge, entries);
    this.#edge = growth.edge;
    for (const { path, bytes } of growth.files) this.files.set(path, bytes);
    const signed = await signCheckpoint(growth.head, this.log);
    this.files.set(checkpointPath, this.witnessed ? await this.#cosigned(signed) : signed);
    return { firstIndex };
  }

  async #cosigned(signed: Uint8Array): Promise<Uint8Array> {
    const text = parseNote(signed)?.text ?? '';
    return addSignatures(signed, [await cosign(text, this.witness, this.nowMs() / 1000)]);
  }
}

export interface TrialParticipant {
  readonly device: Signer;
  readonly consent: Consent;
  readonly readingKey: { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array };
}

export interface TrialProgramme {
  readonly charter: Charter;
  readonly signedCharter: Signed<Charter>;
  readonly persons: Readonly<Record<'steward' | 'officer' | 'researcher', Signer>>;
  readonly ledger: TrialLedger;
  readonly statements: StatementSource;
  /** What the server would hand out behind each leaf; a test may change or remove it. */
  readonly payloads: Map<number, StatementPayload>;
  /** Puts a statement in the ledger, whoever signed it. */
  accept(statement: Signed<Statement>): Promise<number>;
  /** Records these policies and starts, signed by both deciders; once. */
  start(policyVersion: string): Promise<void>;
  join(changes?: Partial<Consent>): Promise<TrialParticipant>;
  /** Signed by both deciders unless named. */
  setManifest(file: ManifestFile, number: number, signers?: readonly Signer[]): Promise<string>;
  /** Asked for by the researcher, approved by nobody yet. */
  grant(recipe: Recipe, changes?: Partial<Grant>): Promise<Signed<Grant>>;
  approve(grant: Grant, by: Signer, at?: string): Promise<void>;
}

export async function trialProgramme(
  vaultKey: string,
  changes: Partial<Charter> = {},
): Promise<TrialProgramme> {
  const persons = {
    steward: await newSigner(),
    officer: await newSigner(),
    researcher: await newSigner(),
  };
  const log = { name: 'example.com/log', signer: await newSigner() };
  const witness = { name: 'example.com/witness', signer: await newSigner() };
  const charter = { ...charterOf(persons, log, witness), ...changes };
  const ledger = new TrialLedger(log, witness);
  const payloads = new Map<number, StatementPayload>();
  const accept = async (statement: Signed<Statement>) => {
    const salt = new Uint8Array(randomBytes(32));
    const { firstIndex } = await ledger.append([
      encodeEntry({
        v: 1,
        kind: 'statement.accepted',
        at: instantOf(ledger.nowMs()),
        commitment: commitment(salt, canonicalBytes(statement)),
      }),
    ]);
    payloads.set(firstIndex, { salt: toBase64url(salt), statement });
    return firstIndex;
  };
  const fingerprint = programmeFingerprint(vaultKey, charter);
  return {
    charter,
    start: startOnce(charter, persons, accept),
    signedCharter: await sign(charter, persons.steward, persons.officer),
    persons,
    ledger,
    payloads,
    accept,
    statements: async (index) => {
      const payload = payloads.get(index);
      if (payload !== undefined) return payload;
      throw new HandrailError('not.found', 'There is no such statement.');
    },
    join: (changes) => join(charter, fingerprint, accept, changes),
    setManifest: async (manifest, number, signers = [persons.steward, persons.officer]) => {
      const at = instantOf(startMs);
      const { programme } = charter;
      const payload: ManifestStatement = {
        v: 1,
        kind: 'manifest',
        programme,
        number,
        at,
        manifest,
      };
      await accept(await sign(payload, ...signers));
      return manifestHash(payload);
    },
    grant: (recipe, changes) => grantOf(charter, persons.researcher, recipe, changes),
    approve: async (grant, by, at = instantOf(startMs)) => {
      const { programme } = charter;
      const approval: Approval = { v: 1, kind: 'approval', programme, at, grant };
      await accept(await sign(approval, by));
    },
  };
}

function startOnce(
  charter: Charter,
  { steward, officer }: TrialProgramme['persons'],
  accept: TrialProgramme['accept'],
): TrialProgramme['start'] {
  let isStarted = false;
  return async (digest) => {
    if (isStarted) return;
    isStarted = true;
    const common = { v: 1, programme: charter.programme, at: instantOf(startMs) } as const;
    const policy = { ...common, kind: 'policy', number: 1, digest } as const;
    const start = { ...common, kind: 'start', charter: canonicalDigest(charter) } as const;
    await accept(await sign(policy, steward, officer));
    await accept(await sign(start, steward, officer));
  };
}

function charterOf(
  persons: TrialProgramme['persons'],
  log: NoteSigner,
  witness: NoteSigner,
): Charter {
  const line = ({ name, signer }: NoteSigner, kind: 'ed25519' | 'cosignature') =>
    verifierLine(verifierKey(name, signer.publicKey, kind));
  return {
    v: 1,
    kind: 'charter',
    programme: newId('prog'),
    number: 1,
    title: 'A trial',
    sample: true,
    purposes: ['train-agents'],
    persons: (['steward', 'officer', 'researcher'] as const).map((role) => ({
      id: newId('pers'),
      role,
      publicKey: toBase64url(persons[role].publicKey),
    })),
    quorums: { manifest: 2, grant: 2 },
    logVerifier: line(log, 'ed25519'),
    witnesses: [line(witness, 'cosignature')],
    witnessQuorum: 1,
    retentionDays: { raw: 30, trajectory: 365 },
    k: 2,
    consentFreshDaysMax: 30,
    grantHoursMax: 8,
    noticeDigest: '11'.repeat(32),
    dpiaDigest: '22'.repeat(32),
    startedAt: instantOf(startMs),
  };
}

async function join(
  charter: Charter,
  fingerprint: string,
  accept: TrialProgramme['accept'],
  changes: Partial<Consent> = {},
): Promise<TrialParticipant> {
  const device = await newSigner();
  const readingKey = await newSealKeyPair();
  const consent: Consent = {
    v: 1,
    kind: 'consent',
    programme: charter.programme,
    pseudonym: newId('part'),
    consentEpoch: 1,
    at: instantOf(startMs),
    device: newId('dev'),
    deviceKey: toBase64url(device.publicKey),
    readingKey: toBase64url(readingKey.publicKey),
    manifest: null,
    notice: charter.noticeDigest,
    fingerprint,
    ...changes,
  };
  await accept(await sign(consent, device));
  return { device, consent, readingKey };
}

async function grantOf(
  charter: Charter,
  researcher: Signer,
  recipe: Recipe,
  changes: Partial<Grant> = {},
): Promise<Signed<Grant>> {
  const holder = charter.persons.find(({ role }) => role === 'researcher')?.id ?? '';
  const readingKey = toBase64url((await newSealKeyPair()).publicKey);
  const grant = withPrompt({
    v: 1,
    kind: 'grant',
    id: newId('grant'),
    programme: charter.programme,
    holder,
    readingKey,
    recipient: `age1${toHex(utf8('a'.repeat(29)))}`,
    purpose: recipe.purpose,
    tier: 'release',
    scope: { recipe, recipeDigest: recipeDigest(recipe) },
    hours: 8,
    reason: 'A trial.',
    objectsMax: 100,
    bytesMax: 1_000_000_000,
    requestedAt: instantOf(startMs),
    ...changes,
  });
  return sign({ ...grant, prompt: changes.prompt ?? grant.prompt }, researcher);
}
