// Postal addresses, as one finding from the house number to the country.
import type { Finding } from '../finding.ts';
import { bounded } from '../pattern-linear.ts';
import { joined, wide } from '../pattern-lines.ts';
import { findStreets, type Span } from './streets.ts';
import type { Token } from './word-tokens.ts';

const unit = joined`
  (?:(?:apt|apartment|suite|ste|unit|flat|floor|room|rm|bldg|building|box|po box|p\.o\. box|psc
  |postbox|postfach|appt|étage|piso|puerta|lok|m)\.?[ ]?#?\d{1,5}[a-z]?)`;
/** What is an address without a street as well. */
const flatAlone = joined`(?:(?:apt|apartment|suite|appt)\.?[ ]?#?\d{1,5}[a-z]?)`;
const military = joined`
  (?:(?:PSC|Unit|CMR)[ ]\d{1,5},?[ ](?:Box[ ]\d{1,5})|US(?:S|NS|NV|CGC)[ ]\p{L}{2,20})
  ,?\s{1,3}[AFD]PO,?[ ]A[AEP][ ]\d{5}`;
const box = joined`(?:p\.?[ ]?o\.?[ ]?box|postbox|postfach|apartado|casella postale)[ ]?#?\d{1,6}`;
const patterns: readonly RegExp[] = [
  new RegExp(military, 'giu'),
  new RegExp(`(?<![\\p{L}\\p{N}])(?:\\d{1,6} )?${flatAlone}(?![\\p{L}\\p{N}])`, 'giu'),
  new RegExp(`(?<![\\p{L}\\p{N}])(?:\\d{1,6} )?${box}(?![\\p{L}\\p{N}])`, 'giu'),
].map(bounded);

export function findAddresses(text: string, tokens: readonly Token[]): Finding[] {
  const cores = [...unitCores(text), ...findStreets(text, tokens)];
  cores.sort((a, b) => a.start - b.start);
  const findings: Finding[] = [];
  for (const { start, end } of cores) {
    const last = findings.at(-1);
    if (last === undefined || start >= last.end) findings.push(extended(text, { start, end }));
    else if (end > last.end) {
      findings[findings.length - 1] = extended(text, { start: last.start, end });
    }
  }
  return findings;
}

function unitCores(text: string): Span[] {
  if (!/\d/.test(text)) return [];
  return patterns.flatMap((pattern) =>
    Array.from(text.matchAll(pattern), (match) => ({
      start: match.index,
      end: match.index + match[0].length,
    })),
  );
}

const apart = joined`(?:[ ,.]{0,3}\n[ ,?]{0,8}|,?[ ]|,)`;
const notMore = String.raw`(?![\p{L}\p{N}])`;
const townName = String.raw`(?:\p{L}[\p{L}'.()∆-]{0,30}(?: |, ?| ?\n[ ,]{0,4})){1,5}`;
const patternsAfter: readonly RegExp[] = [
  /^(?:\/\d{1,4}[a-z]?|[a-z](?![\p{L}]))/u,
  /^, (?:д|кв|корп|стр|bl|ap|sc|et|nr|no|n)\.? ?\d{1,5}/iu,
  new RegExp(`^${apart}${unit}${notMore}`, 'iu'),
  new RegExp(joined`^${apart}${townName}(?:[A-Z]{1,3}\n?[ ]?)?\d{4,6}(?:-\d{3,4})?${notMore}`, 'u'),
  wide('u')`
    ^[ ,\n]{1,3}(?:[A-Z]{1,2}-?)?(?:\d{3}[ ]\d{2}|\d{2}-\d{3}|\d{4,6}(?:-\d{3})?)(?:[ ]?[A-Z]{2})?,?
    [ ]\p{Lu}[\p{L}'-]{1,30}(?:[ ]\p{Lu}[\p{L}'-]{1,30}){0,2}`,
  /^(?:,[ ]\p{Lu}[\p{L}'-]{2,30}(?: \p{Lu}[\p{L}'-]{2,30}){0,2})?[ ,\n]{1,3}[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b/u,
  /^(?:, | |\n ?)(?:[A-Z]{2},? )?\d{4,6}(?:-\d{3,4})?(?![\p{L}\p{N}])/u,
].map(bounded);
const townAfter = bounded(
  wide('u')`
  ^(?:,[ ]|[ ]?\n[ ?•>|-]{0,5})\p{Lu}[\p{L}'.()∆-]{1,30}
  (?:[ ](?:\p{Lu}[\p{L}'.()∆-]{0,30}|\p{L}{1,3})){0,3}
  (?=[ ]?(?:\n|,|$|[.?!]))`,
);
const townAfterFlat = bounded(
  wide('u')`
  ^[ ]\p{Lu}[\p{L}'∆-]{2,30}(?:[ ](?:\p{Lu}[\p{L}'.∆-]{1,30}|\p{L}{2,3})){0,4}
  (?=[ ]?(?:\n|,|$|[.?!])|[ ]\p{Ll})`,
);
const flat = bounded(new RegExp(`${unit}$`, 'iu'));
const partsMax = 5;

/** On to the flat, the town, the postcode and the country. */
function extended(text: string, core: Span): Finding {
  let end = core.end;
  for (let part = 0; part < partsMax; part++) {
    const tail = text.slice(end, end + 120);
    const isFlat = flat.test(text.slice(core.start, end));
    const after = isFlat
      ? [...patternsAfter, townAfter, townAfterFlat]
      : [...patternsAfter, townAfter];
    const found = after
      .map((each) => each.exec(tail)?.[0].length ?? 0)
      .find((length) => length > 0);
    if (found === undefined) break;
    end += found;
  }
  return { start: core.start, end, class: 'address', rule: 'address' };
}
