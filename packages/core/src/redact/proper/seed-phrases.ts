// Recovery phrases of wallets: twelve or more words in a row that all stand in the standard's list,
// numbered or not. Prose has an article or a preposition sooner.
import type { Finding } from '../finding.ts';
import { mark } from '../words/word-table.ts';
import { has } from './kinds.ts';
import type { Token } from './word-tokens.ts';

const wordsMin = 12;
/** A phrase is drawn at random: repeats are rare. */
const differentMin = 8;
const between = /^[\s,;.):"'[\]-]{0,8}$/;

export function findSeedPhrases(tokens: readonly Token[]): Finding[] {
  const findings: Finding[] = [];
  let run: Token[] = [];
  const endRun = (): void => {
    const [start, end] = [run[0]?.start, run.at(-1)?.end];
    const different = new Set(run.map(({ key }) => key)).size;
    const isPhrase = run.length >= wordsMin && different >= differentMin;
    if (isPhrase && start !== undefined && end !== undefined) {
      findings.push({ start, end, class: 'secret', rule: 'seed-phrase' });
    }
    run = [];
  };
  for (const token of tokens) {
    const isNumber = token.shape === 'number' && token.text.length <= 2;
    if (!between.test(token.gap)) endRun();
    if (has(token, mark.seed)) run.push(token);
    else if (!isNumber) endRun();
  }
  endRun();
  return findings;
}
