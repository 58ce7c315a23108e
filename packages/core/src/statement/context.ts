// A context: an application, with origin and account, and how much of its text is kept. Where
// several contexts meet at one place, the strictest holds.
import { z } from 'zod';

/** Words that one context may list, and all contexts of a manifest together. */
export const wordsPerContextMax = 500;
export const wordsPerManifestMax = 2000;

/** From least kept to most. */
export const modeSchema = z.enum(['skeleton', 'vocabulary', 'full']);
export type Mode = z.infer<typeof modeSchema>;

/** Two letters or digits at least, one of them a letter, so that a list cannot spell or count. */
const wordSchema = z
  .string()
  .max(40)
  .regex(/^(?=.*\p{L})[\p{L}\p{M}\p{N}]{2,}$/u);

const placeFields = {
  /** The window's class in lower case, or `import:ducktrack`, `import:agentnet`. */
  app: z.string().regex(/^[a-z0-9][a-z0-9 ._:-]{0,99}$/),
  /** Scheme, host and port of the document, such as `http://127.0.0.1:8123`. */
  origin: z
    .string()
    .regex(/^https?:\/\/[a-z0-9.:[\]-]{1,255}$/)
    .optional(),
  account: z.string().min(1).max(200).optional(),
  mode: modeSchema,
};

/** What goes with captured data: place and mode. The words stand in the signed manifest only. */
export const capturedContextSchema = z.strictObject(placeFields);
export type CapturedContext = z.infer<typeof capturedContextSchema>;

export const contextSchema = z
  .strictObject({
    ...placeFields,
    /** Mode `vocabulary`: words kept beside the built-in ones of interfaces, in any case. */
    words: z.array(wordSchema).max(wordsPerContextMax).optional(),
    /** Sensitive although no pattern says so; nothing says that a context is not. */
    sensitive: z.literal(true).optional(),
  })
  .refine(({ mode, words }) => words === undefined || mode === 'vocabulary', {
    error: 'words belong to the mode "vocabulary"',
  });
export type CaptureContext = z.infer<typeof contextSchema>;

/** Where something happened; what is not known is left out. */
export type Place = Pick<CaptureContext, 'app' | 'origin' | 'account'>;

/** One form of a word for all its spellings: compatible characters, any case. */
export function plainWord(word: string): string {
  return word.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** The context as it goes with captured data. */
export function capturedContext({ words: _, sensitive: __, ...rest }: CaptureContext) {
  return rest;
}

/**
 * Number of the context that holds at a place; undefined: nothing is captured there. A context that
 * asks for an account restricts every account, and allows only its own.
 */
export function governing(contexts: readonly CaptureContext[], place: Place): number | undefined {
  const meeting = contexts.filter((context) => mayMeet(context, place));
  const strictest = meeting.filter((each) => meeting.every((other) => keepsNoMore(each, other)));
  const met = strictest.find(({ account }) => account === undefined || account === place.account);
  return met && contexts.indexOf(met);
}

/** True when at no place `next` keeps more of a text than `old` does. */
export function keepsNoMore(next: CaptureContext, old: CaptureContext): boolean {
  if (next.mode !== old.mode) return reachOf(next.mode) < reachOf(old.mode);
  const listed = new Set((old.words ?? []).map(plainWord));
  return (next.words ?? []).every((word) => listed.has(plainWord(word)));
}

/** True when every place of `next` is one of `old`. */
export function coversPlace(old: Place, next: Place): boolean {
  const sameOrigin = old.origin === undefined || old.origin === next.origin;
  const sameAccount = old.account === undefined || old.account === next.account;
  return old.app === next.app && sameOrigin && sameAccount;
}

/** True when some place may be of both. */
export function mayOverlap(a: Place, b: Place): boolean {
  const agree = (one: string | undefined, other: string | undefined) =>
    one === undefined || other === undefined || one === other;
  return a.app === b.app && agree(a.origin, b.origin) && agree(a.account, b.account);
}

function mayMeet(context: CaptureContext, place: Place): boolean {
  const unknownAccount = place.account === undefined;
  return coversPlace(unknownAccount ? { ...context, account: undefined } : context, place);
}

function reachOf(mode: Mode): number {
  return modeSchema.options.indexOf(mode);
}
