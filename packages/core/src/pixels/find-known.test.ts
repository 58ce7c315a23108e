import { expect, test } from 'vitest';
import { findKnown, placesOf, signsInValue } from './find-known.ts';

const values = ['Ann Leeds', 'i.v@example.org', '+46 70 555 0199'].map(signsInValue);
const found = (text: string) =>
  placesOf(text, values).map(({ start, end }) => text.slice(start, end));

test('values are found in texts whatever their case, blanks and signs are', () => {
  expect(found('ask ann leeds.')).toEqual(['ann leeds']);
  expect(found('ANN  LEEDS, Ann-Leeds')).toEqual(['ANN  LEEDS', 'Ann-Leeds']);
  expect(found('mailto:i.v@example.org?subject=x')).toEqual(['i.v@example.org']);
  expect(found('(+46) 70-555 01 99')).toEqual(['46) 70-555 01 99']);
});

test('only as a whole: what is part of other words, or half of it, is somebody else', () => {
  expect(found('Joann Leeds')).toEqual([]);
  expect(found('Ann Leedson')).toEqual([]);
  expect(found('Ann')).toEqual([]);
  expect(found('Leeds, and Ann')).toEqual([]);
});

test('words on a frame are boxed where they read much like a value, and no others', () => {
  const word = (text: string, x: number, y: number) => {
    return { text, box: { x, y, width: text.length * 8, height: 12 } };
  };
  const words = [
    word('Ann', 10, 10),
    word('Lecds', 38, 10),
    word('Bob', 10, 60),
    word('Leeds', 38, 60),
  ];
  const [boxes] = findKnown([{ words, filled: [] }], values);
  expect(boxes?.length).toBeGreaterThan(0);
  expect(boxes?.every(({ y, height }) => y + height < 40)).toBe(true);
});
