// A programme with fresh keys in a temporary folder, and callers who sign like real ones. What it
// makes is what `up` makes, without the processes around it.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBase64url, toBase64url } from '@handrail/core/bytes';
import { canonicalDigest } from '@handrail/core/canonical-json';
import { idOf } from '@handrail/core/ids';
import { signerLine, verifierKey, verifierLine } from '@handrail/core/ledger';
import {
  newSealKeyPair,
  newSigningSeed,
  randomBytes,
  type Signer,
  signerFromSeed,
} from '@handrail/core/seal';
import { type SegmentHeader, sealSegment } from '@handrail/core/segment';
import {
  type Charter,
  type Consent,
  type DayKey,
  type ManifestFile,
  type ManifestStatement,
  manifestHash,
  programmeFingerprint,
  type Role,
  type Signed,
  sign,
} from '@handrail/core/statement';
import {
  type CallInput,
  call,
  deviceRoutes,
  type Payload,
  type PayloadOf,
  personRoutes,
  type Route,
  vaultRoutes,
} from '@handrail/core/wire';
import { openPolicies } from '@handrail/server/governance/policies';
import { layDatabase } from './prepared-database.ts';

export interface Actor {
  readonly id: string;
  readonly signer: Signer;
  readonly key: string;
}

/** The server's settings, as it reads them from its file. */
export interface SampleSettings {
  readonly dataFolder: string;
  readonly charterFile: string;
  readonly noticeFile: string;
  readonly foundingFile: string;
  readonly vaultKey: string;
  readonly logKeyFile: string;
  readonly inviteToken: string;
  readonly witnesses: { readonly url: string; readonly verifierLine: string }[];
}

export interface SampleProgramme {
  readonly settings: SampleSettings;
  readonly charter: Signed<Charter>;
  readonly fingerprint: string;
  readonly steward: Actor;
  readonly officer: Actor;
  readonly researcher: Actor;
  readonly incident: Actor;
  readonly prober: Actor;
  readonly auditor: Actor;
  readonly vault: Actor;
}

export interface SampleOptions {
  readonly witnesses?: { readonly url: string; readonly verifierLine: string }[];
  readonly witnessQuorum?: number;
  /** Not started yet. */
  readonly draft?: boolean;
  readonly charter?: Partial<Charter>;
}

const notice = 'A notice made for trying out.\n';

/** Writes the files of a fresh programme into `folder` and gives the keys of its people. */
export async function sampleProgramme(
  folder: string,
  { witnesses = [], witnessQuorum = 0, draft = false, charter: changes }: SampleOptions = {},
): Promise<SampleProgramme> {
  await mkdir(folder, { recursive: true });
  const [steward, officer, researcher, incident, prober, auditor, vault] = await Promise.all([
    actor('pers'),
    actor('pers'),
    actor('pers'),
    actor('pers'),
    actor('pers'),
    actor('pers'),
    actor('pers'),
  ]);
  const seed = newSigningSeed();
  const logKey = verifierKey(
    `handrail.test/${toBase64url(randomBytes(6))}`,
    (await signerFromSeed(seed)).publicKey,
    'ed25519',
  );
  const people = { steward, officer, researcher, incident, prober, auditor };
  const founded = charterOf(people, verifierLine(logKey), { witnesses, witnessQuorum });
  const payload = { ...founded, ...changes };
  const charter = await sign(payload, steward.signer, officer.signer);
  const settings = {
    dataFolder: join(folder, 'data'),
    charterFile: join(folder, 'charter.json'),
    noticeFile: join(folder, 'notice.txt'),
    foundingFile: join(folder, 'founding.json'),
    vaultKey: vault.key,
    logKeyFile: join(folder, 'log-key'),
    inviteToken: toBase64url(randomBytes(16)),
    witnesses: [...witnesses],
  };
  await writeFile(settings.charterFile, JSON.stringify(charter));
  const first = await founding(payload, steward, officer, draft);
  await writeFile(settings.foundingFile, JSON.stringify(first));
  await writeFile(settings.noticeFile, notice);
  await writeFile(settings.logKeyFile, signerLine(logKey, seed), { mode: 0o600 });
  await layDatabase(settings.dataFolder);
  const fingerprint = programmeFingerprint(vault.key, payload);
  return { settings, charter, fingerprint, ...people, vault };
}

type People = Pick<
  SampleProgramme,
  'steward' | 'officer' | 'researcher' | 'incident' | 'prober' | 'auditor'
>;

/** The first policies, and the start. */
async function founding(charter: Charter, steward: Actor, officer: Actor, isDraft: boolean) {
  const { signer } = steward;
  const common = { v: 1, programme: charter.programme, at: charter.startedAt } as const;
  const { version: digest } = await openPolicies();
  const policy = { ...common, kind: 'policy', number: 1, digest } as const;
  const start = { ...common, kind: 'start', charter: canonicalDigest(charter) } as const;
  const both = [await sign(policy, signer, officer.signer)];
  return isDraft ? both : [...both, await sign(start, signer, officer.signer)];
}

type Witnessed = Required<Pick<SampleOptions, 'witnesses' | 'witnessQuorum'>>;

function charterOf(people: People, logVerifier: string, options: Witnessed): Charter {
  const person = (role: Role & keyof People) => ({
    id: people[role].id,
    role,
    publicKey: people[role].key,
  });
  return {
    v: 1,
    kind: 'charter',
    programme: idOf('prog', randomBytes(32)),
    number: 1,
    title: 'Sample',
    sample: true,
    purposes: ['train-agents'],
    persons: [
      person('steward'),
      person('officer'),
      person('researcher'),
      person('incident'),
      person('prober'),
      person('auditor'),
    ],
    quorums: { manifest: 2, grant: 2 },
    logVerifier,
    witnesses: options.witnesses.map(({ verifierLine: line }) => line),
    witnessQuorum: options.witnessQuorum,
    retentionDays: { raw: 30, trajectory: 365 },
    k: 1,
    consentFreshDaysMax: 30,
    grantHoursMax: 8,
    noticeDigest: createHash('sha256').update(notice).digest('hex'),
    dpiaDigest: createHash('sha256').update('dpia').digest('hex'),
    startedAt: instant(),
  };
}

/** Someone with a fresh Ed25519 key. */
export async function actor(prefix: 'pers' | 'dev'): Promise<Actor> {
  const signer = await signerFromSeed(newSigningSeed());
  return { id: idOf(prefix, randomBytes(32)), signer, key: toBase64url(signer.publicKey) };
}

export function instant(ms = Date.now()): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export function today(): string {
  return instant().slice(0, 10);
}

/** Calls `route` as `who`, over real HTTP. */
export function callAs<B extends Payload, R extends Payload>(
  url: string,
  who: Pick<Actor, 'signer'> | undefined,
  route: Route<B, R>,
  input: CallInput<B> = {},
): Promise<PayloadOf<R>> {
  const context = {
    signer: who?.signer,
    nowMs: Date.now,
    randomBytes,
    transport: async (request: {
      readonly method: string;
      readonly target: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Uint8Array;
    }) => {
      const hasBody = request.method !== 'GET';
      const response = await fetch(`${url}${request.target}`, {
        method: request.method,
        headers: request.headers,
        ...(hasBody ? { body: new Uint8Array(request.body) } : {}),
      });
      return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
    },
  };
  return call(context, route, input);
}

const sampleManifest: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus', 'frame'],
  contexts: [{ app: 'chromium', mode: 'full' }],
};

/** Signs, proposes and approves a manifest, so that it is active. */
export async function activateManifest(
  url: string,
  { charter, steward, officer }: SampleProgramme,
  manifest: ManifestFile = sampleManifest,
  number = 1,
): Promise<ManifestStatement> {
  const { programme } = charter.payload;
  const payload = { v: 1, kind: 'manifest', programme, number, at: instant(), manifest } as const;
  const { id, state } = await callAs(url, steward, personRoutes.setManifest, {
    body: { statement: await sign(payload, steward.signer) },
  });
  if (state === 'pending') {
    await callAs(url, officer, personRoutes.approveManifest, {
      params: { id },
      body: { statement: await sign(payload, officer.signer) },
    });
  }
  return payload;
}

export interface Participant extends Actor {
  readonly pseudonym: string;
  readonly consent: Consent;
}

/** Joins with a fresh device that accepts `manifest`. */
export async function joinAs(
  url: string,
  sample: SampleProgramme,
  manifest: ManifestStatement | undefined,
): Promise<Participant> {
  const device = await actor('dev');
  const pseudonym = idOf('part', randomBytes(32));
  const consent: Consent = {
    v: 1,
    kind: 'consent',
    programme: sample.charter.payload.programme,
    pseudonym,
    consentEpoch: 1,
    at: instant(),
    device: device.id,
    deviceKey: device.key,
    readingKey: toBase64url((await newSealKeyPair()).publicKey),
    manifest: manifest ? manifestHash(manifest) : null,
    notice: sample.charter.payload.noticeDigest,
    fingerprint: sample.fingerprint,
  };
  await callAs(url, device, deviceRoutes.join, {
    body: {
      invite: sample.settings.inviteToken,
      name: 'Someone',
      consent: await sign(consent, device.signer),
    },
  });
  return { ...device, pseudonym, consent };
}

/** Issues raw keys for today and later days as the vault would; gives today's public key. */
export async function issueKeys(
  url: string,
  { charter, vault }: SampleProgramme,
  { pseudonym }: Pick<Participant, 'pseudonym'>,
  days = 8,
  consentEpoch = 1,
): Promise<string> {
  const keys: Signed<DayKey>[] = [];
  for (let day = 0; day < days; day++) {
    const payload = {
      v: 1,
      kind: 'day-key',
      programme: charter.payload.programme,
      pseudonym,
      consentEpoch,
      tier: 'raw',
      day: instant(Date.now() + day * 86_400_000).slice(0, 10),
      publicKey: toBase64url((await newSealKeyPair()).publicKey),
    } as const;
    keys.push(await sign(payload, vault.signer));
  }
  await callAs(url, vault, vaultRoutes.putDayKeys, { body: { keys } });
  return keys[0]?.payload.publicKey ?? '';
}

/** A header of `participant` that intake takes, with `changes`. */
export function headerOf(
  sample: SampleProgramme,
  participant: Participant,
  sealedTo: string,
  changes: Partial<SegmentHeader> = {},
): SegmentHeader {
  return {
    v: 1,
    programme: sample.charter.payload.programme,
    pseudonym: participant.pseudonym,
    device: participant.id,
    session: idOf('ses', fromBase64url(participant.key)),
    sequence: 0,
    closes: true,
    consentEpoch: 1,
    programmeEpoch: 1,
    manifest: participant.consent.manifest ?? '',
    display: 'virtual',
    sealedTo,
    day: today(),
    ...changes,
  };
}

/** A sealed segment of about `bytes` bytes of content that nobody will read. */
export function sealed(header: SegmentHeader, device: Pick<Actor, 'signer'>, bytes = 1_000) {
  return sealSegment(header, new Uint8Array(bytes).fill(7), device.signer);
}
