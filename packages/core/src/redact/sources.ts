// What redaction needs from outside this package, named once a process. Whoever searches before
// that gets an error: nothing is redacted with less than all of it.
import { HandrailError } from '../errors/index.ts';
import type { Recogniser } from './outside/recogniser.ts';
import { type SecretRule, scanners } from './outside/secret-rules.ts';
import type { ReadFile } from './words/word-files.ts';

export interface Sources {
  /** Reads a file of a package, for the word lists. */
  readonly readFile: ReadFile;
  /** Rules of `@secretlint/secretlint-rule-preset-recommend`. */
  readonly secretRules: readonly SecretRule[];
}

let named: Sources | undefined;
let model: Recogniser | undefined;

/** The first call counts. Throws `redaction.failed` for a preset without rules. */
export function useSources({ readFile, secretRules }: Sources): void {
  const rules = scanners(secretRules);
  if (rules.length === 0) throw new HandrailError('redaction.failed', 'name rules for secrets');
  named ??= { readFile, secretRules: rules };
}

/** From now on every text is shown to this model too. */
export function useRecogniser(recogniser: Recogniser): void {
  model = recogniser;
}

export function sources(): Sources & { readonly recogniser: Recogniser | undefined } {
  if (named === undefined) {
    throw new HandrailError('redaction.failed', 'name the sources of redaction first');
  }
  return { ...named, recogniser: model };
}
