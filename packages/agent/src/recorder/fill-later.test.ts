import { type Picture, readPicture, rgbOf } from '@handrail/core/frame-image';
import type { KeptFrame } from '@handrail/core/recorder';
import { Sensitive } from '@handrail/core/sensitive';
import { expect, test } from 'vitest';
import { fillLater } from './fill-later.ts';
import { encodeImage } from './frame-image.ts';

const size = { width: 128, height: 64 };
const field = { fieldId: 'card', box: { x: 10, y: 10, width: 20, height: 10 } };

function pictures(count: number): readonly Picture[] {
  return Array.from({ length: count }, (_, at) => {
    return {
      ...size,
      tiles: [
        { kind: 'flat', colour: 0xffffff },
        { kind: 'flat', colour: at },
      ],
    };
  });
}

async function kept(shown: readonly Picture[], withField: (at: number) => boolean) {
  return Promise.all(
    shown.map(async (picture, at): Promise<KeptFrame> => {
      const image = await encodeImage(picture, shown[at - 1]);
      const fields = withField(at) ? [field] : [];
      const rest = { displayEpoch: 1, damagePending: false, areas: [], filled: [], nodes: [] };
      return { atMs: at, ...size, ...rest, fields, image };
    }),
  );
}

function blackOf(frames: readonly KeptFrame[]): readonly number[] {
  let before: Picture | undefined;
  return frames.map(({ image }) => {
    before = readPicture(image, size, before);
    const rgb = rgbOf(before);
    let black = 0;
    for (let y = 0; y < size.height; y++) {
      for (let x = 0; x < 64; x++) if (rgb[(y * size.width + x) * 3] === 0) black += 1;
    }
    return black;
  });
}

test('exactly the frames that showed the field are filled, whatever they build on', async () => {
  const frames = await kept(pictures(5), (at) => at === 1 || at === 3);
  const filled = await fillLater(frames, new Set(['card']), []);
  expect(blackOf(frames)).toEqual([0, 0, 0, 0, 0]);
  expect(blackOf(filled)).toEqual([0, 200, 0, 200, 0]);
  expect(filled.map((frame) => frame.filled.length)).toEqual([0, 1, 0, 1, 0]);
});

test('a node that shows what was found is filled, and without it nothing is touched', async () => {
  const [frame, ...rest] = await kept(pictures(2), () => true);
  if (!frame) throw new Error('There is no frame.');
  expect(await fillLater([frame, ...rest], new Set(['other']), [])).toEqual([frame, ...rest]);
  const node = {
    nodeId: 'n',
    role: 'label',
    roleClass: 'other',
    text: new Sensitive('4111 1111 1111 1111'),
    bounds: { x: 12, y: 12, width: 6, height: 6 },
    editable: false,
    focused: false,
  } as const;
  const known = [new Sensitive('4111 1111 1111 1111')];
  const filled = await fillLater([{ ...frame, nodes: [node] }, ...rest], new Set(), known);
  expect(blackOf(filled)).toEqual([100, 0]);
});
