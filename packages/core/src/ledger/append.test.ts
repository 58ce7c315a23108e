import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex, utf8 } from '../bytes/index.ts';
import { appendEntries, appendEntriesMax, emptyEdge, type LogEdge, readEdge } from './append.ts';
import { decodeBundle, encodeBundle } from './bundle.ts';
import { readEntries } from './bundle-reader.ts';
import { emptyRoot } from './hash.ts';
import { tilePath, tilesOf } from './tile.ts';

const entriesOf = (size: number, from = 0) =>
  Array.from({ length: size }, (_, at) => utf8(`${from + at}`));

test('paths are those of tlog-tiles', () => {
  const at = (index: number, width = 256) => tilePath({ level: 0, index, width });
  expect(at(0)).toBe('tile/0/000');
  expect(at(1_234_067)).toBe('tile/0/x001/x234/067');
  expect(at(1000, 7)).toBe('tile/0/x001/000.p/7');
  expect(tilePath({ level: 'entries', index: 1, width: 44 })).toBe('tile/entries/001.p/44');
});

test('a ledger of 70,000 entries has the tiles that the specification counts', () => {
  const paths = [...tilesOf(70_000)].map(tilePath);
  const count = (start: string) => paths.filter((path) => path.startsWith(start)).length;
  expect([count('tile/0/'), count('tile/1/'), count('tile/2/')]).toEqual([274, 2, 1]);
  expect(count('tile/entries/')).toBe(274);
  for (const path of ['tile/0/273.p/112', 'tile/1/000', 'tile/1/001.p/17', 'tile/2/000.p/1']) {
    expect(paths).toContain(path);
  }
  expect([...tilesOf(256)].map(tilePath)).toEqual([
    'tile/entries/000',
    'tile/0/000',
    'tile/1/000.p/1',
  ]);
  expect([...tilesOf(0)]).toEqual([]);
});

test('batches of any sizes leave the same files and the same root', async () => {
  const batches = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(batches, async (sizes) => {
      const stored = new Map<string, Uint8Array>();
      const reader = { readTile: async (path: string) => stored.get(path) };
      let edge: LogEdge = emptyEdge;
      let head = { size: 0, root: emptyRoot };
      for (const size of sizes) {
        const grown = appendEntries(edge, entriesOf(size, edge.size));
        for (const { path, bytes } of grown.files) stored.set(path, bytes);
        head = grown.head;
        edge = await readEdge(reader, head);
        expect(edge.entries).toEqual(grown.edge.entries);
      }
      const once = appendEntries(emptyEdge, entriesOf(edge.size));
      expect(toHex(head.root)).toBe(toHex(once.head.root));
      const paths = [...tilesOf(edge.size)].map(tilePath);
      expect(once.files.map(({ path }) => path).toSorted()).toEqual(paths.toSorted());
      for (const { path, bytes } of once.files) expect(stored.get(path)).toEqual(bytes);
    }),
    { numRuns: 25 },
  );
});

test('a batch across a full tile of level 1 gives a level 2', () => {
  const first = appendEntries(emptyEdge, entriesOf(65_530));
  const { files, head } = appendEntries(first.edge, entriesOf(10, 65_530));
  expect(head.size).toBe(65_540);
  expect(files.map(({ path }) => path)).toEqual([
    'tile/0/255',
    'tile/1/000',
    'tile/entries/255',
    'tile/entries/256.p/4',
    'tile/0/256.p/4',
    'tile/2/000.p/1',
  ]);
});

test('stored tiles that do not give the known root are refused at start-up', async () => {
  const { files, head } = appendEntries(emptyEdge, entriesOf(300));
  for (const { path } of files.filter((file) => /\.p\//.test(file.path))) {
    const stored = new Map(files.map((file) => [file.path, file.bytes]));
    const reader = { readTile: async (name: string) => stored.get(name) };
    await expect(readEdge(reader, head)).resolves.toBeDefined();
    stored.set(
      path,
      (stored.get(path) ?? new Uint8Array()).map((b, at) => (at === 9 ? b ^ 1 : b)),
    );
    await expect(readEdge(reader, head), path).rejects.toMatchObject({ code: 'ledger.unverified' });
    stored.delete(path);
    await expect(readEdge(reader, head), path).rejects.toMatchObject({ code: 'ledger.unverified' });
  }
});

test('too many or too long entries are refused before anything is written', () => {
  expect(() => appendEntries(emptyEdge, entriesOf(appendEntriesMax + 1))).toThrow(/at most 65536/);
  expect(() => appendEntries(emptyEdge, [new Uint8Array(65_536)])).toThrow(/65,535/);
});

test('bundles give back every list of entries, and a cut bundle is none', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 }), (entries) => {
      const bundle = encodeBundle(entries);
      expect(decodeBundle(bundle)).toEqual(entries);
      if (entries.length > 0) expect(decodeBundle(bundle.slice(0, -1))).not.toEqual(entries);
    }),
  );
  expect(decodeBundle(Uint8Array.of(0, 2, 7))).toBeUndefined();
  expect(decodeBundle(Uint8Array.of(0))).toBeUndefined();
});

test('entries are given out from anywhere, in order, and only as they were signed', async () => {
  const { files, head } = appendEntries(emptyEdge, entriesOf(600));
  const stored = new Map(files.map(({ path, bytes }) => [path, bytes]));
  const reader = { readTile: async (path: string) => stored.get(path) };
  for (const from of [0, 1, 255, 256, 511, 512, 599, 600]) {
    const seen = [];
    for await (const entry of readEntries(reader, head, from)) seen.push(entry);
    expect(seen.map(({ index }) => index)).toEqual(entriesOf(600 - from).map((_, at) => from + at));
    expect(seen.map(({ bytes }) => bytes)).toEqual(entriesOf(600 - from, from));
  }
  for (const path of ['tile/entries/000', 'tile/entries/001', 'tile/entries/002.p/88']) {
    const good = stored.get(path) ?? new Uint8Array();
    stored.set(
      path,
      good.map((byte, at) => (at === 2 ? byte ^ 1 : byte)),
    );
    const read = async () => {
      for await (const { index } of readEntries(reader, head)) expect(index).toBeLessThan(600);
    };
    await expect(read(), path).rejects.toMatchObject({ code: 'ledger.unverified' });
    stored.set(path, good);
  }
});
