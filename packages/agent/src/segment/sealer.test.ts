import { type Picture, readPicture, rgbOf } from '@handrail/core/frame-image';
import { Draft, redactDraft } from '@handrail/core/recorder';
import { rulesOf } from '@handrail/core/redact';
import { expect, test } from 'vitest';
import { encodeImage } from '../recorder/frame-image.ts';
import { framesOf, shownOf } from './sealer.ts';

test('of what was filled only what lies in the frame is told', () => {
  const size = { width: 800, height: 600 };
  const at = (x: number, y: number) => ({ box: { x, y, width: 100, height: 20 }, reason: 'email' });
  const told = shownOf([at(10, 10), at(10, 900), at(10, -20), at(750, 590), at(-900, 5)], size);
  expect(told).toEqual([
    at(10, 10),
    { box: { x: 750, y: 590, width: 50, height: 10 }, reason: 'email' },
  ]);
});

const size = { width: 64, height: 64 } as const;
const white: Picture = { ...size, tiles: [{ kind: 'flat', colour: 0xffffff }] };
const box = { x: 10, y: 10, width: 20, height: 10 };

/** A draft whose one frame shows two fields, and in which `text` was typed into the first. */
function typedInto(text: string): Draft {
  const draft = new Draft(0);
  const { number } = draft.field('first', box);
  draft.add({ kind: 'run', atMs: 5, endedAtMs: 9, text, keyCount: text.length, field: number });
  const rest = { displayEpoch: 1, damagePending: false, areas: [], filled: [], nodes: [] };
  const fields = [
    { fieldId: 'first', box },
    { fieldId: 'second', box: { ...box, y: 30 } },
  ];
  const encode = async () => {
    return { atMs: 1, ...size, ...rest, fields, image: await encodeImage(white, undefined) };
  };
  draft.keepFrame({ number: 1, picture: white, encode });
  return draft;
}

async function blackPixels(draft: Draft): Promise<number> {
  const [frame] = await framesOf(draft, redactDraft(draft.events, rulesOf([])));
  const rgb = rgbOf(readPicture(frame?.image ?? new Uint8Array(), size));
  return rgb.filter((value) => value === 0).length / 3;
}

test('fields that gave something away or proved secure are filled in frames', async () => {
  expect(await blackPixels(typedInto('4111 1111 1111 1111'))).toBe(box.width * box.height);
  expect(await blackPixels(typedInto('two maps'))).toBe(0);
  const secure = typedInto('two maps');
  secure.secure('first');
  expect(await blackPixels(secure)).toBe(box.width * box.height);
});
