import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromUtf8, utf8 } from '../bytes/index.ts';
import { formatAddCheckpoint, parseAddCheckpoint } from './witness-request.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('a request is read back', () => {
  fc.assert(
    fc.property(fc.nat(), fc.array(hash, { maxLength: 63 }), (oldSize, proof) => {
      const request = { oldSize, proof, checkpoint: utf8('o\n1\nroot\n\n— o AAAAAAA=\n') };
      expect(parseAddCheckpoint(formatAddCheckpoint(request))).toEqual(request);
    }),
  );
});

test('what is no request is refused', () => {
  const request = { oldSize: 5, proof: [new Uint8Array(32)], checkpoint: utf8('o\n') };
  const good = fromUtf8(formatAddCheckpoint(request));
  const bad = [
    '',
    good.replace('old 5', 'old 05'),
    good.replace('old 5', 'old -5'),
    good.replace('old 5', 'size 5'),
    good.replace('=', ''),
    good.replace('\n\n', '\n'),
    good.replace('\nAAAA', '\n\r\nAAAA'),
    good.replace(/\n\n/, `${'\n'}${`${'A'.repeat(43)}=\n`.repeat(63)}\n`),
  ];
  for (const text of bad) expect(parseAddCheckpoint(utf8(text)), text).toBeUndefined();
  expect(parseAddCheckpoint(Uint8Array.of(0xff, 10, 10))).toBeUndefined();
  expect(parseAddCheckpoint(new Uint8Array(1_000_000))).toBeUndefined();
});
