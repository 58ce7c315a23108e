import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '../bytes/index.ts';
import { eventSchema } from '../events/index.ts';
import { assemble } from './assemble.ts';
import { factsOf } from './codec.ts';
import type { OpenedSegment } from './timeline.ts';

const path = new URL('../../../../vectors/trajectories/two-windows.json', import.meta.url);

test('the vector of two tasks in two windows assembles as published', () => {
  const vector = JSON.parse(readFileSync(path, 'utf8'));
  const segments: OpenedSegment[] = vector.segments.map((segment: OpenedSegment) => ({
    ...segment,
    events: segment.events.map((event) => eventSchema.parse(event)),
    frames: segment.frames.map((frame) => ({ ...frame, image: fromHex(String(frame.image)) })),
  }));
  const trajectories = assemble(segments, vector.from);
  expect(trajectories.map(factsOf)).toEqual(vector.trajectories);
  const images = trajectories.flatMap(({ frames }) => frames.map(({ image }) => toHex(image)));
  expect(images).toEqual(vector.images);
});
