import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { fromUtf8, utf8 } from '../bytes/index.ts';
import { signerFromSeed } from '../seal/index.ts';
import {
  cosign,
  formatCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from './checkpoint.ts';
import { emptyRoot, leafHash } from './hash.ts';
import { addSignatures, type NoteSigner, openNote, parseNote, signNote } from './note.ts';
import {
  type NoteKeyKind,
  parseSignerLine,
  parseVerifierLine,
  signerLine,
  type VerifierKey,
  verifierKey,
  verifierLine,
} from './note-key.ts';

interface Party extends NoteSigner {
  readonly key: VerifierKey;
}

async function party(name: string, seed: number, kind: NoteKeyKind): Promise<Party> {
  const signer = await signerFromSeed(new Uint8Array(32).fill(seed));
  return { name, signer, key: verifierKey(name, signer.publicKey, kind) };
}

const head = { size: 7, root: leafHash(utf8('root')) };
let log: Party;
let one: Party;
let two: Party;
let plain: Uint8Array;

beforeAll(async () => {
  log = await party('example.com/log', 1, 'ed25519');
  one = await party('example.com/w1', 2, 'cosignature');
  two = await party('example.com/w2', 3, 'cosignature');
  plain = await signCheckpoint(head, log);
});

async function cosigned(...by: readonly (readonly [Party, number])[]): Promise<Uint8Array> {
  const text = parseNote(plain)?.text ?? '';
  return addSignatures(plain, await Promise.all(by.map(([who, atS]) => cosign(text, who, atS))));
}

test('a checkpoint with its log and enough witnesses is verified', async () => {
  const bytes = await cosigned([one, 1000], [two, 2000]);
  const verdict = await verifyCheckpoint(bytes, log.key, [one.key, two.key], 2);
  expect(verdict).toEqual({
    kind: 'verified',
    checkpoint: { ...head, origin: log.name, extensions: [] },
    cosignatures: [
      { witness: one.name, timestampS: 1000 },
      { witness: two.name, timestampS: 2000 },
    ],
  });
});

test('old or repeated cosignatures and one key under two names make no quorum', async () => {
  const alias = await party('example.com/w1-again', 2, 'cosignature');
  const keys = [one.key, two.key, alias.key];
  const short = { kind: 'refused', reason: 'not-enough-witnesses' };
  const bytes = await cosigned([one, 1000], [two, 2000]);
  expect(await verifyCheckpoint(bytes, log.key, keys, 2, { fromS: 1001 })).toEqual(short);
  expect(await verifyCheckpoint(bytes, log.key, keys, 2, { toS: 1999 })).toEqual(short);
  expect(await verifyCheckpoint(bytes, log.key, [one.key], 2)).toEqual(short);
  const twice = await cosigned([one, 1000], [one, 1001], [alias, 1002]);
  expect(await verifyCheckpoint(twice, log.key, keys, 2)).toEqual(short);
});

test('no log signature, another log, or another origin is a no', async () => {
  const other = await party('example.com/other', 9, 'ed25519');
  const refusal = (reason: string) => ({ kind: 'refused', reason });
  expect(await verifyCheckpoint(plain, other.key, [], 0)).toEqual(refusal('unsigned'));
  const text = parseNote(plain)?.text ?? '';
  const witnessed = utf8(`${text}\n${await cosign(text, one, 5)}\n`);
  expect(await verifyCheckpoint(witnessed, log.key, [one.key], 1)).toEqual(refusal('unsigned'));
  const foreign = await signNote(text.replace('/log', '/other'), log);
  expect(await verifyCheckpoint(foreign, log.key, [], 0)).toEqual(refusal('wrong-origin'));
  const prose = await signNote('only words\n', log);
  expect(await verifyCheckpoint(prose, log.key, [], 0)).toEqual(refusal('malformed'));
});

test('a cosigned checkpoint with any byte changed is refused', async () => {
  const bytes = await cosigned([one, 1000]);
  for (let at = 0; at < bytes.length; at++) {
    const bad = bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
    const verdict = await verifyCheckpoint(bad, log.key, [one.key], 1);
    expect(verdict.kind, `byte ${at}`).toBe('refused');
  }
});

test('unknown signatures are ignored, and a bad one by a known key refuses the note', async () => {
  const stranger = await party('example.com/stranger', 8, 'cosignature');
  const bytes = await cosigned([stranger, 1000], [one, 1000]);
  expect(await verifyCheckpoint(bytes, log.key, [one.key], 1)).toMatchObject({ kind: 'verified' });
  const broken = fromUtf8(bytes).replace(/(stranger \S{40})./, '$1A');
  expect(await verifyCheckpoint(utf8(broken), log.key, [one.key], 1)).toMatchObject({
    kind: 'verified',
  });
  expect(await openNote(utf8(broken), [log.key, stranger.key])).toEqual({
    kind: 'refused',
    reason: 'bad-signature',
  });
});

test('what is no signed note is refused as malformed', async () => {
  const good = fromUtf8(plain);
  const bad = [
    '',
    '\n',
    'text\n',
    good.slice(0, -1),
    good.replace('— ', '- '),
    good.replace('— ', '—  '),
    `${good}junk\n`,
    good.replace('\n7\n', '\n7\r\n'),
    good.replace('example.com/log\n', 'a\tb\n'),
    good + `${good.split('\n').at(-2)}\n`.repeat(64),
    'x'.repeat(200_000) + good,
  ];
  for (const text of bad) {
    expect(await openNote(utf8(text), [log.key]), text.slice(0, 80)).toMatchObject({
      reason: 'malformed',
    });
  }
  expect(await openNote(Uint8Array.of(0xff, ...plain), [log.key])).toMatchObject({
    reason: 'malformed',
  });
});

test('checkpoint text is read back, and any other spelling is none', () => {
  fc.assert(
    fc.property(fc.nat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (size, root) => {
      const checkpoint = { origin: 'example.com/l', size: size + 1, root, extensions: ['more'] };
      expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
    }),
  );
  const text = formatCheckpoint({ ...head, origin: 'o', extensions: [] });
  for (const [from, to] of [
    ['\n7\n', '\n07\n'],
    ['\n7\n', '\n+7\n'],
    ['\n7\n', '\n\n'],
    ['\n7\n', '\n0\n'],
    ['\n7\n', '\n9007199254740993\n'],
    ['=', ''],
    ['o\n', '\n'],
  ] as const) {
    expect(parseCheckpoint(text.replace(from, to)), JSON.stringify([from, to])).toBeUndefined();
  }
  expect(parseCheckpoint(`${text}\n`)).toBeUndefined();
  const empty = { origin: 'o', size: 0, root: emptyRoot, extensions: [] };
  expect(parseCheckpoint(formatCheckpoint(empty))).toEqual(empty);
  expect(() => formatCheckpoint({ ...empty, extensions: ['a\nb'] })).toThrow(/checkpoint/);
});

test('key lines are read back, and a changed one is refused', () => {
  for (const { key } of [log, one]) {
    const line = verifierLine(key);
    expect(parseVerifierLine(`${line}\n`)).toEqual(key);
    const changed = [line.replace('example', 'exbmple'), line.replace(/.$/, ''), `PRIVATE+${line}`];
    for (const bad of changed) expect(() => parseVerifierLine(bad), bad).toThrow(/key line/);
    const seed = new Uint8Array(32).fill(4);
    const { name, id, kind } = key;
    expect(parseSignerLine(signerLine(key, seed))).toEqual({ name, id, kind, seed });
  }
  expect(() => verifierKey('two words', log.key.publicKey, 'ed25519')).toThrow(/key name/);
  expect(() => verifierKey('a+b', log.key.publicKey, 'ed25519')).toThrow(/key name/);
});
