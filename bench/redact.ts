// Redaction of text: how many short events a core does in a second, what the word lists cost, and
// how much of labelled sets is covered, in two halves by template. Rules were tuned on the first.
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { findInText, loadWords } from '@handrail/core/redact';
import { fixturePath } from '@handrail/testbed/fixtures';
import '@handrail/testbed/redaction-sources';
import { type LabelledText, type Score, scoreOf } from './redact/labelled-text.ts';
import { ownTexts } from './redact/own-texts.ts';

type Figures = Record<string, number | string>;

const eventCharsMax = 60;
const rounds = 9;
const set = 'presidio-synth-v2/synth_dataset_v2.json';

export async function run(): Promise<{ name: string; figures: Figures }> {
  const memory = loading();
  const own = ownTexts(2_000);
  const path = fixturePath(set);
  const figures: Figures = {
    ...memory,
    shortEventsPerSecondPerCore: Math.round(shortEventRate(own)),
    ...scored('own', scoreOf(own)),
    ...(path === undefined ? { presidioSynth: 'not measured: no fixture' } : onFixture(path)),
  };
  if (path !== undefined) Object.assign(figures, await spanScores(path));
  return { name: 'redact', figures };
}

function loading(): Figures {
  collectGarbage();
  const before = process.memoryUsage();
  const from = performance.now();
  loadWords();
  const milliseconds = performance.now() - from;
  collectGarbage();
  const after = process.memoryUsage();
  const mib = (bytes: number): number => bytes / 2 ** 20;
  return {
    wordListsLoadMs: milliseconds,
    wordListsHeldMib: mib(after.arrayBuffers - before.arrayBuffers),
    wordListsRssMib: mib(after.rss - before.rss),
  };
}

/** What the lists' files leave behind is not what the lists take. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** Events of a core's second: the processor's time counts, not the clock's. */
function shortEventRate(texts: readonly LabelledText[]): number {
  const events = texts
    .flatMap(({ text }) => text.match(/[^\n]{10,60}(?=\s|$)/g) ?? [])
    .filter((event) => event.length <= eventCharsMax);
  const rates = Array.from({ length: rounds }, () => {
    const from = process.cpuUsage();
    for (const event of events) findInText(event);
    const { user, system } = process.cpuUsage(from);
    return (events.length * 1e6) / (user + system);
  });
  return [...rates].sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

interface Document {
  readonly full_text: string;
  readonly template_id: number;
  readonly spans: readonly {
    readonly entity_type: string;
    readonly start_position: number;
    readonly end_position: number;
  }[];
}

function onFixture(path: string): Figures {
  const texts = (JSON.parse(readFileSync(path, 'utf8')) as Document[]).map(labelled);
  const halves = [0, 1].map((half) => texts.filter(({ template }) => template % 2 === half));
  const [tuned, held] = halves.map(scoreOf);
  return {
    ...scored('presidioSynth', scoreOf(texts)),
    ...(tuned ? scored('presidioSynthTunedHalf', tuned) : {}),
    ...(held ? scored('presidioSynthHeldOutHalf', held) : {}),
  };
}

/** The set counts in characters, findings in UTF-16 units. */
function labelled({ full_text: text, template_id: template, spans }: Document): LabelledText {
  const units = [0];
  for (const character of text) units.push((units.at(-1) ?? 0) + character.length);
  return {
    text,
    template,
    spans: spans.map(({ entity_type: type, start_position, end_position }) => ({
      type,
      start: units[start_position] ?? 0,
      end: units[end_position] ?? 0,
    })),
  };
}

function scored(name: string, { recall, overMasked, recallByType }: Score): Figures {
  const types = Object.entries(recallByType).map(([type, share]) => `${type} ${share.toFixed(3)}`);
  return {
    [`${name}Recall`]: recall,
    [`${name}OverMasked`]: overMasked,
    [`${name}ByType`]: types.join(', '),
  };
}

/** presidio-research's own evaluator, where Python has it. */
async function spanScores(path: string): Promise<Figures> {
  try {
    await promisify(execFile)('python3', ['-c', 'import presidio_evaluator']);
  } catch {
    return { spanF2: 'not measured: python3 has no presidio-evaluator' };
  }
  const documents = JSON.parse(readFileSync(path, 'utf8')) as Document[];
  const input = documents
    .map(({ full_text: text }) => JSON.stringify({ findings: findInText(text) }))
    .join('\n');
  const script = join(import.meta.dirname, 'redact', 'span_f2.py');
  const output = execFileSync('python3', [script, path], { input, encoding: 'utf8' });
  const scores = JSON.parse(output) as Readonly<Record<string, number>>;
  return {
    spanF2AtIou90: scores['iou0.9'] ?? Number.NaN,
    spanF2AtIou70: scores['iou0.7'] ?? Number.NaN,
  };
}
