// Masked frames must prove themselves: here nothing that reads would notice what is left, so only
// the pixels can tell.
import { type Fill, KnownValues } from '@handrail/core/pixels';
import { rulesOf } from '@handrail/core/redact';
import { expect, test } from 'vitest';
import type { OcrEngine } from '../ocr/engine.ts';
import '../redaction-sources.ts';
import { frame } from '../sample-session.ts';
import { maskFrames } from './mask-frames.ts';
import { drawn, placeOf, type Screen } from './sample-screen.ts';

const size = { width: 400, height: 120 } as const;
const shown = { x: 40, y: 60, text: 'ines41@example.org', size: 16 } as const;
const screen: Screen = { ...size, paper: '#fff', patches: [], texts: [shown] };
const blind: OcrEngine = {
  read: async (pages) => pages.map(() => []),
  [Symbol.asyncDispose]: async () => undefined,
};

async function masked(fill: Fill['box'], isReleased: boolean) {
  const how = { engine: blind, known: new KnownValues(), ruleOf: rulesOf([]), isReleased };
  const frames = [frame(100, await drawn(screen), { ...size, areas: [] })];
  return maskFrames(frames, [[{ box: fill, class: 'email' }]], how);
}

test.each([false, true])(
  'a mask beside its place does not pass (released: %s)',
  async (isReleased) => {
    const place = await placeOf(screen, 0);
    if (place === undefined) throw new Error('nothing drawn');
    expect(await masked(place, isReleased)).toMatchObject([{ filled: [{ reason: 'email' }] }]);
    for (const beside of [
      { ...place, y: place.y + 0.5 },
      { ...place, height: place.height - 0.5 },
      { ...place, x: Number.NaN },
    ]) {
      expect(await masked(beside, isReleased)).toBe('pixels.survivor');
    }
  },
);
