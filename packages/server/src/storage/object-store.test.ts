import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileObjectStore } from './file-object-store.ts';
import type { ObjectStore } from './object-store.ts';

const run = promisify(execFile);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'objects-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

// Every implementation of the port stands in this list.
const stores: readonly (readonly [string, () => Promise<ObjectStore>])[] = [
  ['the file system', () => FileObjectStore.open(folder)],
];

describe.each(stores)('objects on %s', (_name, open) => {
  test('are read back as they were put, also by the next who opens the store', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    expect(await (await open()).put('segments/a', bytes)).toBe('created');
    expect(new Uint8Array((await (await open()).get('segments/a')) ?? [])).toEqual(bytes);
  });

  test('are never replaced', async () => {
    const store = await open();
    await store.put('segments/a', new Uint8Array([1]));
    expect(await store.put('segments/a', new Uint8Array([2]))).toBe('exists');
    expect([...((await store.get('segments/a')) ?? [])]).toEqual([1]);
  });

  test('of one key put by many at once are created once', async () => {
    const store = await open();
    const puts = Array.from({ length: 20 }, (_, at) => store.put('x/a', new Uint8Array([at])));
    const outcomes = await Promise.all(puts);
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
  });

  test('can be deleted, once or twice, and are then gone', async () => {
    const store = await open();
    await store.put('segments/a', new Uint8Array([1]));
    await store.delete('segments/a');
    await store.delete('segments/a');
    expect(await store.get('segments/a')).toBeUndefined();
  });

  test('are listed by their folder, also nested ones, and nothing else is', async () => {
    const store = await open();
    const keys = ['releases/a/one', 'releases/a/two', 'releases/b/one', 'segments/a'];
    for (const key of keys) await store.put(key, new Uint8Array([1]));
    const listed: string[] = [];
    for await (const key of store.list('releases/')) listed.push(key);
    expect(listed.sort()).toEqual(keys.slice(0, 3));
    for await (const key of store.list('nothing/')) throw new Error(key);
  });

  test.each([
    '',
    'a',
    '../a',
    'a/..',
    'a/../b',
    '/a/b',
    'a//b',
    'a/.b',
    'a/b\0',
    `a/${'b'.repeat(200)}`,
  ])('have plain keys: %j is refused', async (key) => {
    const store = await open();
    const refused = { code: 'input.invalid' };
    await expect(store.put(key, new Uint8Array())).rejects.toMatchObject(refused);
    await expect(store.get(key)).rejects.toMatchObject(refused);
    await expect(store.delete(key)).rejects.toMatchObject(refused);
  });
});

describe('files', () => {
  test('that were half written when the process ended are removed', async () => {
    await FileObjectStore.open(folder);
    await writeFile(join(folder, '.aside', 'half'), 'x');
    await FileObjectStore.open(folder);
    expect(await readdir(join(folder, '.aside'))).toEqual([]);
  });

  test('that find the disk full leave nothing, and say so', async () => {
    const module = fileURLToPath(new URL('./file-object-store.ts', import.meta.url));
    const script = join(folder, 'put.ts');
    await writeFile(
      script,
      `import { FileObjectStore } from ${JSON.stringify(module)};
       const store = await FileObjectStore.open(process.argv[2] ?? '');
       const put = (key: string, length: number) =>
         store.put(key, new Uint8Array(length)).catch((error) => error.code);
       console.log(JSON.stringify([await put('a/big', 200_000), await put('a/small', 100)]));`,
    );
    const store = join(folder, 'store');
    const command = 'ulimit -f 40; exec "$0" "$1" "$2"';
    const { stdout } = await run('sh', ['-c', command, process.execPath, script, store]);
    expect(JSON.parse(stdout)).toEqual(['storage.full', 'created']);
    expect(await readdir(join(store, '.aside'))).toEqual([]);
    expect(await readdir(join(store, 'a'))).toEqual(['small']);
  });
});
