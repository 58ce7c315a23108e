import { utf8 } from '@handrail/core/bytes';
import {
  chunkAad,
  decodeChunk,
  decodeReleaseManifest,
  encodeExportHeader,
  parseAgentnetLine,
  readExportHeader,
  releaseAad,
  signTrajectory,
} from '@handrail/core/dataset';
import { idOf } from '@handrail/core/ids';
import { openBulk, unwrapContentKey } from '@handrail/core/open';
import { readBox } from '@handrail/core/reader';
import {
  newSealKeyPair,
  newSigningSeed,
  type SealKeyPair,
  signerFromSeed,
} from '@handrail/core/seal';
import type { Recipe } from '@handrail/core/statement';
import { releaseListPath } from '@handrail/core/statement';
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { parquetReadObjects } from 'hyparquet';
import { beforeAll, expect, test } from 'vitest';
import { build } from './build.ts';
import { sha256Hex } from './digest.ts';
import { exportRelease } from './export.ts';
import { rebuild } from './rebuild.ts';
import { refine } from './refine.ts';
import {
  click,
  display,
  frame,
  inForm,
  newMember,
  picture,
  refineTask,
  sealedSegment,
  typed,
} from './sample-session.ts';
import type { BuildResult, BuildTask, TrajectoryInput } from './task.ts';
import { view } from './view.ts';

const release = idOf('rel', utf8('a release'));
const recipe: Recipe = {
  purpose: 'train-agents',
  contexts: [{ app: 'chromium' }],
  actionsMax: 1000,
};
let inputs: readonly TrajectoryInput[];
let releaseKey: SealKeyPair;

/** Three participants with two sessions each, refined for real and signed by a vault. */
beforeAll(async () => {
  releaseKey = await newSealKeyPair();
  const vault = await signerFromSeed(newSigningSeed());
  const all: TrajectoryInput[] = [];
  for (const participant of ['p1', 'p2', 'p3']) {
    const member = await newMember(participant);
    for (const session of [1, 2]) {
      const events = [
        display,
        inForm,
        ...click(500, 10 * session, 20),
        typed(1500, 'Ünïcode "text"'),
        { kind: 'window', atMs: 3000, context: 1 } as const,
        typed(3500, 'outside the recipe'),
      ];
      const frames = [frame(100, picture(session * 40)), frame(1400, picture(7, false))];
      const change = { session: idOf('ses', utf8(`${participant} ${session}`)) };
      const segment = await sealedSegment(member, 0, { events, frames }, change);
      const { trajectories } = await refine(refineTask(member, [segment]));
      for (const { facts, headerBytes, body } of trajectories) {
        const { privateKey } = member.trajectory;
        const contentKey = await unwrapContentKey(privateKey, 'trajectory', headerBytes, body);
        const bytes = await signTrajectory(headerBytes, body, vault);
        all.push({ id: facts.id, bytes, contentKey, participant });
      }
    }
  }
  inputs = all;
});

function task(change: Partial<BuildTask> = {}): BuildTask {
  return {
    kind: 'build',
    release,
    recipe,
    purpose: 'train-agents',
    k: 3,
    inputs,
    releaseKey: releaseKey.publicKey,
    workers: 1,
    codeVersion: '0.1.0',
    ...change,
  };
}

async function built(change: Partial<BuildTask> = {}): Promise<BuildResult> {
  const result = await build(task(change));
  if (result.kind !== 'build') throw new Error(`not built: ${result.reason}`);
  return result;
}

async function keyOf(result: BuildResult, name: string) {
  const sealed = result.files.find((file) => file.name === name)?.sealed ?? new Uint8Array();
  const aad = releaseAad(release, name);
  const contentKey = await unwrapContentKey(releaseKey.privateKey, 'release', aad, sealed);
  return { name, bytes: sealed, contentKey };
}

async function fileOf(result: BuildResult, name: string): Promise<Uint8Array> {
  const { contentKey, bytes } = await keyOf(result, name);
  return openBulk(contentKey, releaseAad(release, name), bytes);
}

async function rowsOf(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  const file = new Uint8Array(bytes).buffer;
  return parquetReadObjects({ file, utf8: false });
}

test('the release is the same for 1, 2 and 4 threads and any order of inputs', async () => {
  const names = ['README.md', 'actions.parquet', 'trajectories.jsonl', 'manifest.json'];
  const first = await built();
  expect(first.files.map(({ name }) => name)).toEqual(names);
  for (const workers of [2, 4]) {
    const again = await built({ workers, inputs: [...inputs].reverse() });
    expect(again.manifestDigest).toBe(first.manifestDigest);
    for (const name of names) {
      expect(sha256Hex(await fileOf(again, name)), name).toBe(sha256Hex(await fileOf(first, name)));
    }
  }
});

test('the manifest names every input and the digest of every file', async () => {
  const result = await built();
  const bytes = await fileOf(result, 'manifest.json');
  expect(sha256Hex(bytes)).toBe(result.manifestDigest);
  const manifest = decodeReleaseManifest(bytes);
  expect(manifest).toMatchObject({
    release,
    rows: 12,
    counts: { trajectories: 6, participants: 3 },
  });
  expect(manifest.counts).toMatchObject({ actionsWithoutFrame: 0, frames: 3 });
  expect(manifest.inputs.map(({ trajectory }) => trajectory)).toEqual(
    inputs.map(({ id }) => id).sort(),
  );
  for (const file of manifest.files) {
    expect(sha256Hex(await fileOf(result, file.name))).toBe(file.sha256);
  }
  expect(String(Buffer.from(await fileOf(result, 'README.md')))).toContain(
    'participants, in steps of 3 | 3 |',
  );
});

test('the Parquet file reads back as the rows that went in', async () => {
  const result = await built();
  const rows = await rowsOf(await fileOf(result, 'actions.parquet'));
  expect(rows).toHaveLength(12);
  const ids = inputs.map(({ id }) => id).sort();
  expect(rows.map((row) => row.row_id)).toEqual(ids.flatMap((id) => [`${id}/0`, `${id}/1`]));
  expect(rows[0]).toMatchObject({
    kind: 'click',
    button: 'left',
    y: 20,
    context_app: 'chromium',
    frame_age_ms: 400,
    damage_pending: false,
    text: null,
  });
  expect(rows[1]).toMatchObject({ kind: 'type', text: 'Ünïcode "text"', frame_age_ms: 100 });
  const withFrames = rows.filter((row) => row.frame !== null && row.frame !== undefined);
  expect(new Set(withFrames.map((row) => row.frame_id)).size).toBe(3);
  expect(withFrames).toHaveLength(3);
  for (const { frame: image, frame_id: id } of withFrames) {
    if (!(image instanceof Uint8Array)) throw new Error('a frame is not bytes');
    expect(sha256Hex(image)).toBe(id);
  }
});

test('nothing outside the recipe and nobody is in any file', async () => {
  const result = await built();
  for (const { name } of result.files) {
    const text = Buffer.from(await fileOf(result, name)).toString('latin1');
    expect(text, name).not.toContain('outside the recipe');
    expect(text, name).not.toContain('mousepad');
    expect(text, name).not.toContain('part_');
  }
});

test('too few participants, no match and another purpose give no release', async () => {
  expect(await build(task({ k: 4 }))).toEqual({ kind: 'refused', reason: 'too-few-participants' });
  const contexts = [{ app: 'xterm' }];
  expect(await build(task({ recipe: { ...recipe, contexts } }))).toMatchObject({
    reason: 'nothing-selected',
  });
  await expect(build(task({ purpose: 'evaluate-agents' }))).rejects.toMatchObject({
    code: 'access.denied',
  });
  const small = await built({ recipe: { ...recipe, actionsMax: 7 }, k: 1 });
  expect(small).toMatchObject({ rows: 6, trajectories: 3 });
});

test('an input under a wrong name or key stops the build, in threads too', async () => {
  const [first, second, ...rest] = inputs;
  if (first === undefined || second === undefined) throw new Error('no inputs');
  for (const workers of [1, 2]) {
    const swapped = [{ ...first, id: second.id }, { ...second, id: first.id }, ...rest];
    await expect(build(task({ inputs: swapped, workers }))).rejects.toMatchObject({
      code: 'input.invalid',
    });
    const broken = [{ ...first, contentKey: second.contentKey }, second];
    await expect(build(task({ inputs: broken, workers }))).rejects.toMatchObject({
      code: 'seal.broken',
    });
  }
  await expect(build(task({ inputs: [first, first] }))).rejects.toMatchObject({
    code: 'input.invalid',
  });
});

test('a rebuild from the manifest is the same, and says which files are not', async () => {
  const result = await built({ recipe: { ...recipe, actionsMax: 7 }, k: 1 });
  const taken = inputs.filter(({ id }) => result.inputs.includes(id));
  const again = {
    kind: 'rebuild',
    release,
    inputs: taken,
    workers: 4,
    codeVersion: '0.1.0',
    manifest: await keyOf(result, 'manifest.json'),
  } as const;
  expect(await rebuild(again)).toEqual({
    kind: 'rebuild',
    same: true,
    differing: [],
    manifestDigest: result.manifestDigest,
  });
  expect(await rebuild({ ...again, codeVersion: '0.2.0' })).toMatchObject({
    same: false,
    differing: ['README.md', 'manifest.json'],
  });
  await expect(rebuild({ ...again, inputs })).rejects.toMatchObject({ code: 'state.conflict' });
});

test('an export is an age file for its grantee, and says in the open which it is', async () => {
  const result = await built();
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  const files = [await keyOf(result, 'actions.parquet'), await keyOf(result, 'trajectories.jsonl')];
  const header = {
    ...({ v: 1, release, programme: idOf('prog', utf8('p')), vaultKey: 'A'.repeat(43) } as const),
    ...({ manifest: result.manifestDigest, list: { number: 7, path: releaseListPath } } as const),
  } as const;
  const encoded = encodeExportHeader(header);
  const open = async (format: 'parquet' | 'agentnet') => {
    const task = { kind: 'export', release, files, format, recipient, header: encoded } as const;
    const exported = await exportRelease(task);
    expect(readExportHeader(exported.bytes)).toEqual(header);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return decrypter.decrypt(exported.bytes);
  };
  expect(await rowsOf(await open('parquet'))).toHaveLength(12);
  const lines = Buffer.from(await open('agentnet'))
    .toString()
    .trimEnd()
    .split('\n');
  const parsed = lines.map((line) => parseAgentnetLine(line));
  expect(parsed.map(({ task_id }) => task_id)).toEqual(inputs.map(({ id }) => id).sort());
  expect(parsed[0]?.handrail.actions).toHaveLength(2);
});

test('a view opens for its reader, in the session that was signed and in its order', async () => {
  const reader = await newSealKeyPair();
  const [input] = inputs;
  if (input === undefined) throw new Error('no inputs');
  const session = 'ab'.repeat(32);
  const mark = { lines: ['somebody'], strength: 'faint' } as const;
  const order = { kind: 'view', what: 'trajectory', ...input } as const;
  const task = { ...order, sessionKey: reader.publicKey, session, mark };
  const { value: box = new Uint8Array() } = await view(task).next();
  const { facts } = decodeChunk(await readBox(reader.privateKey, chunkAad(session, 0), box));
  expect(facts?.id).toBe(input.id);
  expect(facts?.actions).toHaveLength(3);
  for (const aad of [chunkAad(session, 1), chunkAad('cd'.repeat(32), 0)]) {
    const opened = readBox(reader.privateKey, aad, box);
    await expect(opened).rejects.toMatchObject({ code: 'seal.broken' });
  }
});
