import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  concatBytes,
  equalBytes,
  fromBase64url,
  fromHex,
  fromUtf8,
  toBase64url,
  toHex,
  utf8,
} from './index.ts';

test('base64url and hex give back every byte string', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
      expect(fromHex(toHex(bytes))).toEqual(bytes);
      expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
    }),
  );
});

test('a text that is not canonical base64url is refused', () => {
  for (const text of ['A', 'AB=', 'A+', 'AB\n', 'AAF']) {
    expect(() => fromBase64url(text), text).toThrow(/base64url/);
  }
});

test('bytes that are not UTF-8 are refused', () => {
  expect(() => fromUtf8(new Uint8Array([0xc3]))).toThrow(/UTF-8/);
  expect(fromUtf8(utf8('Grüße 👋'))).toBe('Grüße 👋');
});

test('equal compares contents and length', () => {
  expect(equalBytes(utf8('ab'), concatBytes(utf8('a'), utf8('b')))).toBe(true);
  expect(equalBytes(utf8('ab'), utf8('abc'))).toBe(false);
});
