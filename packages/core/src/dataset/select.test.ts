import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8 } from '../bytes/index.ts';
import { idOf } from '../ids/index.ts';
import type { Recipe } from '../statement/index.ts';
import { assemble } from './assemble.ts';
import { click, display, frameAt, run, segmentOf, window } from './sample-segment.ts';
import { minimise, outsideAreas, recipeTakes, select } from './select.ts';

const recipe = (contexts: Recipe['contexts']): Recipe => {
  return { purpose: 'train-agents', contexts, actionsMax: 100 };
};

test('a recipe without an origin takes all origins of an app, with one only that', () => {
  const origin = 'http://127.0.0.1:8123';
  expect(recipeTakes(recipe([{ app: 'chromium' }]), { app: 'chromium', origin })).toBe(true);
  expect(recipeTakes(recipe([{ app: 'chromium', origin }]), { app: 'chromium' })).toBe(false);
  expect(recipeTakes(recipe([{ app: 'mousepad' }]), { app: 'chromium', origin })).toBe(false);
});

test('actions and frames of other contexts are gone after minimising', () => {
  const events = [
    display(0),
    window(0, 0),
    ...click(500, 1, 1),
    window(900, 1),
    run(1500, 'a note'),
    window(2000, 0),
    ...click(2500, 2, 2),
  ];
  const note = { context: 1, box: { x: 640, y: 0, width: 640, height: 800 } };
  const both = frameAt(1200, { areas: [...frameAt(1200).areas, note] });
  const frames = [frameAt(300), both];
  const from = { pseudonym: idOf('part', utf8('someone')), display: 'own' } as const;
  const [whole] = assemble([segmentOf(0, events, frames)], from);
  if (whole === undefined) throw new Error('no trajectory');
  const chromium = recipe([{ app: 'chromium' }]);
  expect(outsideAreas(whole, chromium)).toEqual([{ frame: both.id, boxes: [note.box] }]);
  expect(() => minimise(whole, chromium, new Map())).toThrow(/does not name/);
  const image = utf8('without the note');
  const filled = new Map([[both.id, { id: 'f'.repeat(64), image }]]);
  const small = minimise(whole, chromium, filled);
  expect(small.actions.map(({ kind, frame }) => [kind, frame])).toEqual([
    ['click', frameAt(300).id],
    ['click', 'f'.repeat(64)],
  ]);
  expect(small.contexts.map(({ app }) => app)).toEqual(['chromium']);
  expect(small.frames.map(({ id }) => id)).toEqual([frameAt(300).id, 'f'.repeat(64)]);
  expect(small.frames[1]).toMatchObject({ image, areas: [{ context: 0 }] });
  expect(JSON.stringify(small)).not.toContain('a note');
  const mousepad = recipe([{ app: 'mousepad' }]);
  const others = new Map(
    outsideAreas(whole, mousepad).map(({ frame }) => [frame, { id: frame, image }]),
  );
  const other = minimise(whole, mousepad, others);
  expect(other.actions).toMatchObject([{ kind: 'type', context: 0 }]);
  expect(minimise(whole, recipe([{ app: 'xterm' }]), new Map()).actions).toEqual([]);
});

test('selecting fits, is stable in any order, and gives itself again', () => {
  const candidate = fc.record({
    id: fc.uuid(),
    actions: fc.nat(20),
    participant: fc.constantFrom('a', 'b', 'c'),
  });
  const candidates = fc.uniqueArray(candidate, { selector: ({ id }) => id });
  fc.assert(
    fc.property(candidates, fc.integer({ min: 1, max: 60 }), fc.nat(3), (all, max, k) => {
      const selection = select(all, max, k);
      expect(select([...all].reverse(), max, k)).toEqual(selection);
      if (selection.kind === 'refused') return;
      const taken = all.filter(({ id }) => selection.ids.includes(id));
      expect(taken.reduce((sum, { actions }) => sum + actions, 0)).toBeLessThanOrEqual(max);
      expect(new Set(taken.map(({ participant }) => participant)).size).toBeGreaterThanOrEqual(k);
      expect(select(taken, max, k)).toEqual(selection);
    }),
  );
});

test('fewer participants than k give nothing', () => {
  const one = { id: 'a', actions: 5, participant: 'x' };
  expect(select([one, { ...one, id: 'b' }], 100, 2)).toEqual({
    kind: 'refused',
    reason: 'too-few-participants',
  });
  expect(select([{ ...one, actions: 0 }], 100, 1)).toMatchObject({ reason: 'nothing-selected' });
});
