// Names of persons, places and organisations, and addresses: what no pattern alone can know.
import { type Finding, mergeFindings } from '../finding.ts';
import { findAddresses } from './addresses.ts';
import { findOrganisations } from './organisations.ts';
import { findPersons } from './persons.ts';
import { findPlaces } from './places.ts';
import { findSeedPhrases } from './seed-phrases.ts';
import { tokensOf } from './word-tokens.ts';

/** Findings in units of `text`, which is plain. Throws where the word lists cannot be read. */
export function findProper(text: string): Finding[] {
  const tokens = tokensOf(text);
  return mergeFindings([
    ...findPersons(text, tokens),
    ...findPlaces(text, tokens),
    ...findOrganisations(text, tokens),
    ...findAddresses(text, tokens),
    ...findSeedPhrases(tokens),
  ]);
}
