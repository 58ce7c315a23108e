// A real server with one joined participant, whose day keys the bench makes itself: so that it can
// hand in as the agent does, and look at what was sealed.
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { join as joinProgramme } from '@handrail/agent/enrol/join';
import { readProgramme } from '@handrail/agent/enrol/programme';
import { type Device, Home } from '@handrail/agent/home/home';
import { fromBase64url, toBase64url } from '@handrail/core/bytes';
import type { OpenedSegment } from '@handrail/core/dataset';
import { unwrapContentKey } from '@handrail/core/open';
import { KnownValues } from '@handrail/core/pixels';
import { newSealKeyPair } from '@handrail/core/seal';
import { parseSealed } from '@handrail/core/segment';
import { type DayKey, type ManifestFile, type Signed, sign } from '@handrail/core/statement';
import { vaultRoutes } from '@handrail/core/wire';
import {
  activateManifest,
  callAs,
  instant,
  type SampleProgramme,
  sampleProgramme,
} from '@handrail/testbed/sample-programme';
import { openEngine } from '@handrail/vault/worker/ocr/engine';
import { openSegment } from '@handrail/vault/worker/open-segment';
import { startProcess } from '../intake-load/process.ts';

const daysIssued = 3;
const dayMs = 86_400_000;

export interface Organisation extends AsyncDisposable {
  /** Joined, with an accepted manifest and day keys. */
  readonly home: Home;
  /** Bytes of every sealed segment that was handed in. */
  sealedBytes(): Promise<readonly number[]>;
  /** Opened as the vault's worker does. Throws where one is refused. */
  openAll(): Promise<readonly OpenedSegment[]>;
}

/** Everything lies in `folder`. Programme, device and keys are fresh. */
export async function startOrganisation(
  folder: string,
  manifest: ManifestFile,
): Promise<Organisation> {
  await mkdir(folder, { recursive: true });
  const sample = await sampleProgramme(join(folder, 'programme'));
  const config = join(folder, 'server.json');
  await writeFile(config, JSON.stringify({ ...sample.settings, requestsPerSecondMax: 10_000 }));
  const main = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));
  const server = await startProcess(main, config);
  try {
    await activateManifest(server.url, sample, manifest);
    await mkdir(join(folder, 'home'), { mode: 0o700 });
    const home = new Home(join(folder, 'home'));
    const programme = await readProgramme(server.url, sample.fingerprint);
    const invite = { token: sample.settings.inviteToken, fingerprint: sample.fingerprint };
    const device = await joinProgramme(home, server.url, invite, 'Someone', programme);
    const keys = await issueKeys(server.url, sample, device.pseudonym);
    const objects = join(sample.settings.dataFolder, 'objects', 'segments');
    return {
      home,
      sealedBytes: async () => {
        const files = await Promise.all((await filesIn(objects)).map((file) => stat(file)));
        return files.map((file) => file.size);
      },
      openAll: () => openEach(objects, device, manifest, keys),
      [Symbol.asyncDispose]: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Private halves by public half: the bench stands for the vault here. */
async function issueKeys(
  url: string,
  { charter, vault }: SampleProgramme,
  pseudonym: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const keys = new Map<string, Uint8Array>();
  const issued: Signed<DayKey>[] = [];
  for (let day = 0; day < daysIssued; day++) {
    const pair = await newSealKeyPair();
    const publicKey = toBase64url(pair.publicKey);
    keys.set(publicKey, pair.privateKey);
    const payload = {
      v: 1,
      kind: 'day-key',
      programme: charter.payload.programme,
      pseudonym,
      consentEpoch: 1,
      tier: 'raw',
      // Recordings of the past are imported as ending now: a session may begin the day before.
      day: instant(Date.now() + (day - 1) * dayMs).slice(0, 10),
      publicKey,
    } as const;
    issued.push(await sign(payload, vault.signer));
  }
  await callAs(url, vault, vaultRoutes.putDayKeys, { body: { keys: issued } });
  return keys;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function openEach(
  folder: string,
  device: Device,
  manifest: ManifestFile,
  keys: ReadonlyMap<string, Uint8Array>,
): Promise<readonly OpenedSegment[]> {
  const sealed = await Promise.all((await filesIn(folder)).map(async (file) => readFile(file)));
  const segments = sealed
    .map((bytes) => parseSealed(new Uint8Array(bytes)))
    .sort((a, b) => a.header.sequence - b.header.sequence);
  const layouts = { byEpoch: new Map(), current: undefined };
  await using engine = openEngine({ kind: 'program', path: '/usr/bin/tesseract' });
  const session = { layouts, known: new KnownValues(), engine };
  const opened: OpenedSegment[] = [];
  for (const segment of segments) {
    const key = keys.get(segment.header.sealedTo) ?? fromBase64url(device.readingKey);
    const contentKey = await unwrapContentKey(key, 'segment', segment.headerBytes, segment.body);
    const opening = await openSegment(
      { kind: 'verified', segment, manifest },
      { contentKey, isReleased: false },
      session,
    );
    if (opening.kind !== 'opened') throw new Error(`A segment was refused: ${opening.reason}.`);
    opened.push(opening.segment);
  }
  return opened;
}
