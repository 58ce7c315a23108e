import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CaptureContext,
  governing,
  isWider,
  keepsNoMore,
  type ManifestFile,
  manifestFileSchema,
  type Place,
} from './index.ts';

const of = (...contexts: CaptureContext[]): ManifestFile => {
  return { version: 1, signals: ['key'], contexts };
};
const full = { app: 'chromium', mode: 'full' } as const;
const mail = { app: 'chromium', origin: 'https://mail.example' } as const;

test('a mode towards full is wider, and towards skeleton is not', () => {
  const modes = ['skeleton', 'vocabulary', 'full'] as const;
  for (const [from, old] of modes.entries()) {
    for (const [to, mode] of modes.entries()) {
      const wider = isWider(of({ ...full, mode: old }), of({ ...full, mode }));
      expect([old, mode, wider]).toEqual([old, mode, to > from]);
    }
  }
});

test('a longer list of words is wider, in whatever case it is written', () => {
  const listed = (...words: string[]) => of({ app: 'editor', mode: 'vocabulary', words });
  expect(isWider(listed('invoice'), listed('Invoice'))).toBe(false);
  expect(isWider(listed('invoice', 'total'), listed('TOTAL'))).toBe(false);
  expect(isWider(listed('invoice'), listed('invoice', 'salary'))).toBe(true);
  expect(isWider(listed(), listed('invoice'))).toBe(true);
  expect(isWider(of({ ...full, app: 'editor' }), listed('invoice'))).toBe(false);
});

test('where contexts meet the strictest holds, so leaving that one out is wider', () => {
  const masked = { ...mail, mode: 'skeleton' } as const;
  expect(isWider(of(full, masked), of(full))).toBe(true);
  expect(isWider(of(full, masked), of(full, { ...mail, mode: 'vocabulary' }))).toBe(true);
  expect(isWider(of(full, masked), of(full, masked))).toBe(false);
  expect(isWider(of(full), of(full, masked))).toBe(false);
  expect(isWider(of(full, masked), of({ ...full, mode: 'skeleton' }))).toBe(false);
});

test('a context that is said to be sensitive no more is wider', () => {
  const said = { ...mail, mode: 'skeleton', sensitive: true } as const;
  const { sensitive: _, ...unsaid } = said;
  expect(isWider(of(said), of(unsaid))).toBe(true);
  expect(isWider(of(unsaid), of(said))).toBe(false);
  expect(isWider(of(said, full), of(full))).toBe(true);
  expect(isWider(of(said, full), of(said, full))).toBe(false);
  expect(
    isWider(of(said, { app: 'editor', mode: 'full' }), of({ app: 'editor', mode: 'full' })),
  ).toBe(false);
});

const context = fc.record<CaptureContext>(
  {
    app: fc.constantFrom('a', 'b'),
    origin: fc.constantFrom('https://one.example', 'https://two.example'),
    account: fc.constant('work'),
    mode: fc.constantFrom('skeleton', 'vocabulary', 'full'),
    words: fc.subarray(['invoice', 'total']),
    sensitive: fc.constant(true),
  },
  { requiredKeys: ['app', 'mode'] },
);
const manifest = fc
  .array(context, { minLength: 1, maxLength: 4 })
  .map((all) => of(...all))
  .filter((file) => manifestFileSchema.safeParse(file).success);
const places: Place[] = ['a', 'b'].flatMap((app) =>
  ['work', 'home'].flatMap((account) => [
    { app, account },
    ...['one', 'two'].map((name) => ({ app, account, origin: `https://${name}.example` })),
  ]),
);

test('nothing is kept at any place that the narrower of two manifests would not keep', () => {
  let narrower = 0;
  fc.assert(
    fc.property(manifest, manifest, (current, next) => {
      expect(isWider(current, current)).toBe(false);
      if (isWider(current, next)) return;
      narrower += 1;
      for (const place of places) {
        const now = governing(next.contexts, place);
        const before = governing(current.contexts, place);
        const [kept, allowed] = [next.contexts[now ?? -1], current.contexts[before ?? -1]];
        if (kept) expect(allowed !== undefined && keepsNoMore(kept, allowed)).toBe(true);
      }
    }),
    { numRuns: 5000 },
  );
  expect(narrower).toBeGreaterThan(200);
});

test('of two lists at one place the shorter holds, and lists that disagree are refused', () => {
  const listed = (origin: string | undefined, ...words: string[]): CaptureContext => {
    return { app: 'a', mode: 'vocabulary', words, ...(origin ? { origin } : {}) };
  };
  const nested = [listed(undefined, 'invoice', 'total'), listed('https://one.example', 'total')];
  expect(governing(nested, { app: 'a', origin: 'https://one.example' })).toBe(1);
  expect(governing(nested, { app: 'a', origin: 'https://two.example' })).toBe(0);
  const apart = [listed(undefined, 'invoice'), listed('https://one.example', 'total')];
  expect(governing(apart, { app: 'a', origin: 'https://one.example' })).toBeUndefined();
  expect(manifestFileSchema.safeParse(of(...nested)).success).toBe(true);
  expect(manifestFileSchema.safeParse(of(...apart)).success).toBe(false);
});

test('an account that cannot be told restricts, and allows nothing', () => {
  const account = { app: 'a', account: 'work' } as const;
  expect(governing([{ ...account, mode: 'full' }], { app: 'a' })).toBeUndefined();
  const all = { app: 'a', mode: 'full' } as const;
  expect(governing([{ ...account, mode: 'full' }, all], { app: 'a' })).toBe(1);
  expect(governing([{ ...account, mode: 'skeleton' }, all], { app: 'a' })).toBeUndefined();
});

test('words stand with their mode only, and are no letters, numbers or sentences', () => {
  const parse = (context: object) =>
    manifestFileSchema.safeParse({ version: 1, signals: ['key'], contexts: [context] }).success;
  const listed = (...words: string[]) => parse({ app: 'a', mode: 'vocabulary', words });
  expect(listed('invoice', 'Übersicht', 'q4')).toBe(true);
  for (const word of ['a', '12', 'two words', '', 'x'.repeat(41), 'a-b']) {
    expect([word, listed(word)]).toEqual([word, false]);
  }
  expect(parse({ app: 'a', mode: 'full', words: ['invoice'] })).toBe(false);
  expect(parse({ app: 'a', mode: 'full', sensitive: false })).toBe(false);
  const many = Array.from({ length: 500 }, (_, at) => `word${at}`);
  const contexts = ['a', 'b', 'c', 'd', 'e'].map((app) => ({
    app,
    mode: 'vocabulary',
    words: many,
  }));
  const file = { version: 1, signals: ['key'], contexts };
  expect(manifestFileSchema.safeParse(file).success).toBe(false);
});
