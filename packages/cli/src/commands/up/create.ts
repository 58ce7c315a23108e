// First use: a programme labelled as a sample, with keys, charter, notice and impact assessment. It
// is there whole or not at all: what an interrupted first use left is removed by the next one.

import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { makePrivateFolder, readFileIfAny, writeFileDurably } from '@handrail/agent/home/files';
import { toBase64url } from '@handrail/core/bytes';
import { canonicalDigest } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import { idOf } from '@handrail/core/ids';
import { signerLine, verifierKey, verifierLine } from '@handrail/core/ledger';
import { newSigningSeed, randomBytes, signerFromSeed } from '@handrail/core/seal';
import { type Charter, programmeFingerprint, sign } from '@handrail/core/statement';
import { openPolicies } from '@handrail/server/governance/policies';
import { pinCharter } from '@handrail/vault/keeper/ledger/charter';
import { createVault } from '@handrail/vault/secrets';
import { instantNow } from '../../home/desk.ts';
import { createPerson, type Person, personSigner } from '../../home/person.ts';
import { researcherHomeOf } from '../../prober/identities.ts';
import { openWitnessKey } from '../../witness/key-file.ts';
import { foldersOf, type Layout } from './layout.ts';
import { type ProgrammeFile, writeProgrammeFile } from './programme-file.ts';
import { sampleDpia, sampleNotice } from './texts.ts';

const terms = { rawDays: 30, trajectoryDays: 180, grantHours: 8 } as const;
const consentFreshDaysMax = 30;
const inviteTokenBytes = 16;

/** Makes the programme. Throws `state.conflict` where other files are in the way. */
export async function createProgramme(layout: Layout, k: number): Promise<ProgrammeFile> {
  await clearUnfinished(layout);
  await requireEmpty(layout);
  for (const folder of foldersOf(layout)) await makePrivateFolder(folder);
  await writeFileDurably(layout.setup, '');
  const { publicKey: vaultKey } = await createVault(layout.vaultHome);
  const people = [
    await createPerson(layout.stewardHome, 'steward'),
    await createPerson(layout.officerHome, 'officer'),
    await createPerson(layout.researcherHome, 'researcher'),
    await createPerson(layout.commanderHome, 'incident'),
    await createPerson(layout.proberHome, 'prober'),
    await createPerson(researcherHomeOf(layout.proberHome), 'researcher'),
  ];
  const programme = idOf('prog', randomBytes(32));
  const logVerifier = await createLogKey(layout, programme);
  const witness = await openWitnessKey(layout.witnessKey, undefined);
  const witnessVerifier = verifierLine(witness.verifier);
  const texts = await writeTexts(layout, k);
  const charter: Charter = {
    v: 1,
    kind: 'charter',
    programme,
    number: 1,
    title: 'Sample programme',
    sample: true,
    purposes: ['train-agents', 'evaluate-agents'],
    persons: people.map(({ id, role, publicKey }) => ({ id, role, publicKey })),
    quorums: { manifest: 2, grant: 2 },
    logVerifier,
    witnesses: [witnessVerifier],
    witnessQuorum: 1,
    retentionDays: { raw: terms.rawDays, trajectory: terms.trajectoryDays },
    k,
    consentFreshDaysMax,
    grantHoursMax: terms.grantHours,
    ...texts,
    startedAt: instantNow(),
  };
  const signed = await sign(charter, ...(await Promise.all(people.map(personSigner))));
  await writeFileDurably(layout.charter, JSON.stringify(signed));
  await writeFileDurably(layout.founding, JSON.stringify(await founding(charter, people)));
  await pinCharter(layout.vaultHome, signed);
  const fingerprint = programmeFingerprint(vaultKey, charter);
  const inviteToken = toBase64url(randomBytes(inviteTokenBytes));
  const keys = { vaultKey, logVerifier, witnessVerifier };
  const made: ProgrammeFile = { v: 1, fingerprint, ...keys, inviteToken, k, port: 0 };
  await writeProgrammeFile(layout, made);
  await rm(layout.setup, { force: true });
  return made;
}

/** The first policies, and the start: signed by all, since a sample has nobody to wait for. */
async function founding(charter: Charter, people: readonly Person[]) {
  const signers = await Promise.all(people.map(personSigner));
  const common = { v: 1, programme: charter.programme, at: charter.startedAt } as const;
  const { version: digest } = await openPolicies();
  const policy = { ...common, kind: 'policy', number: 1, digest } as const;
  const start = { ...common, kind: 'start', charter: canonicalDigest(charter) } as const;
  return [await sign(policy, ...signers), await sign(start, ...signers)];
}

async function createLogKey(layout: Layout, programme: string): Promise<string> {
  const seed = newSigningSeed();
  const { publicKey } = await signerFromSeed(seed);
  const key = verifierKey(`handrail-sample/${programme.slice(5, 17)}`, publicKey, 'ed25519');
  await writeFileDurably(layout.logKey, `${signerLine(key, seed)}\n`);
  return verifierLine(key);
}

async function writeTexts(layout: Layout, k: number) {
  const notice = sampleNotice({ ...terms, k });
  const dpia = sampleDpia({ ...terms, k });
  await writeFileDurably(layout.notice, notice);
  await writeFileDurably(layout.dpia, dpia);
  return { noticeDigest: digestOf(notice), dpiaDigest: digestOf(dpia) };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** The mark says that nothing of this was ever used: no key of it has sealed or signed anything. */
async function clearUnfinished(layout: Layout): Promise<void> {
  if ((await readFileIfAny(layout.setup)) === undefined) return;
  const inside = foldersOf(layout).filter((folder) => folder !== layout.data);
  for (const folder of [layout.vaultHome, layout.people, ...inside]) {
    await rm(folder, { recursive: true, force: true });
  }
  await rm(layout.setup, { force: true });
}

async function requireEmpty({ data, lock, vaultHome, people }: Layout): Promise<void> {
  for (const folder of [data, vaultHome, people]) {
    const names = await readdir(folder).catch(() => []);
    if (names.every((name) => lock.endsWith(`/${name}`))) continue;
    const advice = 'name another --data, or move what is there';
    throw new HandrailError(
      'state.conflict',
      `${folder} holds files of something else: ${advice}.`,
    );
  }
}
