// Organisations: names that end in a company form or in what companies do, firms of several family
// names, and capitalised words after `works for` and its like.
import type { Finding } from '../finding.ts';
import { bounded } from '../pattern-linear.ts';
import { wide } from '../pattern-lines.ts';
import { isOccupation } from '../rules/titles.ts';
import { wordKey } from '../words/word-key.ts';
import { mark } from '../words/word-table.ts';
import { marksOfWord } from '../words/words.ts';
import { employers } from './cues.ts';
import { has, isCapital, isCommon, isUnheard } from './kinds.ts';
import type { Token } from './word-tokens.ts';

const listed = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** Company forms: what they follow is a company, whatever its case. */
const forms = listed(
  `inc incorporated llc llp ltd limited plc corp corporation gmbh ag kg ohg ug mbh sarl sas sa spa
    srl
   bv nv ab oy oyj aps gbr bt kkt tbk tnhh as asa kft zrt nyrt sro doo ood eood pty pte sdn bhd kk
   lda ltda eirl sl slu
   ооо оао зао`,
);
/** What a name of several capitalised words ends in when it is an organisation's. */
const trades = listed(
  `company companies group holdings holding partners associates brothers sons bank software
   solutions technologies technology systems labs laboratories analytics consulting consultants
   services industries enterprises ventures capital logistics motors airlines airways
   pharmaceuticals insurance university college school hospital clinic institute foundation
   association agency studios studio networks media entertainment energy bakery restaurant hotel
   church orchestra museum theatre theater universität hochschule université universidad
   università uniwersytet klinik krankenhaus sparkasse stiftung verein`,
);
const wordsMax = 5;
/** Shorter forms in lower case are words of some language. */
const lowerFormMin = 3;

export function findOrganisations(text: string, tokens: readonly Token[]): Finding[] {
  const findings: Finding[] = [...quoted(text), ...signed(text), ...withDottedForm(text, tokens)];
  for (let at = 0; at < tokens.length; at++) {
    const span =
      byForm(tokens, at) ??
      byTrade(tokens, at) ??
      firm(tokens, at) ??
      described(text, tokens, at) ??
      byEmployer(text, tokens, at);
    if (span === undefined) continue;
    const start = tokens[span[0]]?.start ?? 0;
    findings.push(found(start, (tokens[span[1]]?.end ?? start) - start));
  }
  return findings;
}

type Span = readonly [first: number, last: number];

function byForm(tokens: readonly Token[], at: number): Span | undefined {
  const token = tokens[at];
  if (token === undefined || !forms.has(token.key) || !/^(?:,? |-)$/.test(token.gap)) return;
  const inLower = token.shape === 'lower';
  if (inLower && token.text.length < lowerFormMin) return undefined;
  if (token.shape === 'capital' && token.text.length < lowerFormMin) return undefined;
  const first = firstOfName(tokens, at, inLower);
  return first < at ? [first, at] : undefined;
}

function firstOfName(tokens: readonly Token[], at: number, inLower: boolean): number {
  let first = at;
  while (first > 0 && at - first < wordsMax) {
    const before = tokens[first - 1];
    const joins = isJoin(before) && first - 2 >= 0 && isNamePart(tokens[first - 2], inLower);
    const gap = tokens[first]?.gap ?? '';
    if (first < at && !/^(?: |-|, | & |\. )$/.test(gap)) break;
    if (!isNamePart(before, inLower) && !joins) break;
    first--;
  }
  return first;
}

function isNamePart(token: Token | undefined, inLower: boolean): boolean {
  if (token === undefined) return false;
  if (inLower) return token.shape === 'lower' && !isCommon(token);
  return isCapital(token) || token.shape === 'mixed' || token.shape === 'initial';
}

function isJoin(token: Token | undefined): boolean {
  return token !== undefined && /^(?:and|und|et|y|e|i|of|de|für|for)$/.test(token.key);
}

function byTrade(tokens: readonly Token[], at: number): Span | undefined {
  const token = tokens[at];
  if (token === undefined || !trades.has(token.key) || !isCapital(token)) return undefined;
  if (token.gap !== ' ') return undefined;
  let first = at;
  while (first > 0 && at - first < wordsMax && isTradeName(tokens, first)) first--;
  if (first === at) return undefined;
  const opens = tokens[first]?.opens ?? true;
  const telling = tokens.slice(first, at).some((part) => !isCommon(part) || !opens);
  const ofOwn = tokens.slice(first, at).some((part) => !has(part, mark.common));
  return telling && ofOwn ? [first, at] : undefined;
}

function isTradeName(tokens: readonly Token[], first: number): boolean {
  const before = tokens[first - 1];
  const small = /^(?:the|a|an|our|your|my|this)$/.test(before?.key ?? '');
  return isCapital(before) && tokens[first]?.gap === ' ' && !small;
}

const inQuotes = bounded(
  /(?:OOO|OAO|AO|PAO|ЗАО|ПАО|РАО|НПО|ТОВ|ПАТ|ФОП|ИП) ?[«"“][^»"”\n]{1,60}[»"”]/g,
);

/** `ООО «Орлова»`; words of look-alikes only are in Latin letters by now. */
function quoted(text: string): Finding[] {
  return Array.from(text.matchAll(inQuotes), (match) => found(match.index, match[0].length));
}

/** The line under an occupation in a signature. */
function signed(text: string): Finding[] {
  let from = 0;
  return text.split('\n').flatMap((line, at, lines) => {
    const start = from;
    from += line.length + 1;
    const isSigned = at > 0 && isOccupation(lines[at - 1]?.trim() ?? '');
    return isSigned && signature.test(line) ? [found(start, line.length)] : [];
  });
}

const signature = bounded(/^\p{Lu}[\p{L}\p{M}.,&'/-]{1,30}(?: [\p{L}\p{M}.,&'/-]{1,30}){0,4}$/u);

function found(start: number, length: number): Finding {
  return { start, end: start + length, class: 'organisation', rule: 'organisation' };
}

const dotted = bounded(
  wide('u')`
  ^,? ?(?:(?:S\.p\.A|S\.r\.l|s\.r\.o|a\.s|d\.o\.o|d\.d|A\/S|S\.A(?:\.S)?|S\.L(?:\.U)?|S\.Com|B\.V
  |N\.V
  |z o\.o|Sp\. z o\.o|j\.d\.o\.o|o\.s|S\/A|Co\. KG|HB|Kft|Zrt|Nyrt|Kkt|Bt|Tbk)\.?
  |(?:Công ty )?TNHH(?: MTV)?
  |(?:&|and|und|et|e|y|i|og|och|és|en) (?:[Ss]ons?|[Bb]rothers|Bros|Söhne|Sohn|Søn|Sønner|Söner
  |[Ff]ils
  |[Ff]igli|[Hh]ijos|Zonen|[Pp]artners?|[Aa]ssociates|Co|Cie|[Aa]sociados|[Aa]ssociés
  |társa)\.?)(?!\p{L})`,
);

/** `Ježková s.r.o.`, `Krogh & Kjær A/S`, `Mathiesen og Sønner`. */
function withDottedForm(text: string, tokens: readonly Token[]): Finding[] {
  return tokens.flatMap((token, at) => {
    if (!isNamePart(token, false)) return [];
    const form = dotted.exec(text.slice(token.end, token.end + 40));
    const start = tokens[firstOfName(tokens, at + 1, false)]?.start ?? token.start;
    return form === null ? [] : [found(start, token.end + form[0].length - start)];
  });
}

/** `Lopez, Santos and Coleman`, `Rosales-McGuire`: family names joined. */
function firm(tokens: readonly Token[], at: number): Span | undefined {
  const [one, two, and, three] = tokens.slice(at, at + 4);
  const all = [one, two, three];
  if (!all.every(isFamily) || !all.some((each) => has(each, mark.name))) return undefined;
  if (two?.gap !== ', ' || !/^(?:and|und|et|y)$/.test(and?.key ?? '')) return undefined;
  return [at, at + 3];
}

function isFamily(token: Token | undefined): boolean {
  return (has(token, mark.name) || isUnheard(token)) && token?.shape !== 'number';
}

const description = bounded(
  wide('i')`
  ^ is (?:a|an|the)[ ][\w ,-]{0,40}\b(?:company|firm|agency|start-?up|provider|manufacturer|retailer
  |bank|business|organi[sz]ation|brainchild|publisher|airline|brand|platform|consultancy|insurer
  |supplier|vendor|charity|non-?profit|carrier|broker|studio|brewery|bakery|chain)\b`,
);

/** `Golden Helix is a design agency`. */
function described(text: string, tokens: readonly Token[], at: number): Span | undefined {
  if (!isCapital(tokens[at]) || !tokens[at]?.opens) return undefined;
  let last = at;
  while (
    last - at < wordsMax - 1 &&
    isNamePart(tokens[last + 1], false) &&
    isNext(tokens[last + 1])
  )
    last++;
  const end = tokens[last]?.end ?? 0;
  return description.test(text.slice(end, end + 80)) ? [at, last] : undefined;
}

/** `I work for Onvia`, `founded Walk Score`. */
function byEmployer(text: string, tokens: readonly Token[], at: number): Span | undefined {
  const token = tokens[at];
  if (!isNamePart(token, false) || token?.gap !== ' ' || token.opens) return undefined;
  const before = tokens[at - 1];
  if (before?.shape !== 'lower' || !employers.has(before.key)) return undefined;
  const phrase = text.slice(Math.max(0, before.start - 24), before.end);
  if (!isEmployment(phrase)) return undefined;
  let last = at;
  while (
    last - at < wordsMax - 1 &&
    isNamePart(tokens[last + 1], false) &&
    isNext(tokens[last + 1])
  )
    last++;
  const name = wordKey(text.slice(token.start, tokens[last]?.end));
  return (marksOfWord(name) & (mark.region | mark.town)) === 0 ? [at, last] : undefined;
}

function isNext(token: Token | undefined): boolean {
  return token?.gap === ' ' || token?.gap === ' & ';
}

const employment = bounded(
  wide('i')`
  \b(?:work(?:s|ed|ing)? (?:for|at|with)|employed (?:by|at)|job (?:at|with)|hired by
  |(?:year|years|internship|position|career|manager|director|engineer|ceo|cto|cfo|founder|head
  |employee|colleagues?|team) (?:at|of|from|with)|joined|acquired|founded|sued|(?:became|becomes
  |called|renamed)
  |bought (?:by|from)|(?:is|are|am|was) from)$`,
);

function isEmployment(phrase: string): boolean {
  return employment.test(phrase);
}
