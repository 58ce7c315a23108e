// Who could have read what, and who did: two answers. The first replays the policies over what was
// so at each time, and what storage gave to anyone; the second counts what was recorded. Decisions
// depend on attributes alone, so each is made once for all things and askers that have the same.
import type { Policies } from './bundle.ts';
import { decide } from './decide.ts';
import type { Asker, Phase, Question } from './question.ts';

type Opening = Extract<Question, { readonly by: Asker }>;
type Without<Q> = Q extends Opening ? Omit<Q, 'by' | 'phase'> : never;
/** What reading a thing would be asked as; who asks and when is filled in. */
export type Reading = Without<Opening>;

export interface Artifact {
  readonly id: string;
  /** Each is a way to read it. */
  readonly readings: readonly Reading[];
  /** Unix ms; it can be read from when it was made until it was removed. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Where it lies, as permissions name it. */
  readonly store: string;
}

/** A time in which nothing changed that decisions depend on. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
  /** Undefined: what held then is not known here, so everybody may have been allowed anything. */
  readonly policies: Policies | undefined;
  readonly phase: Phase;
  /** Stores that lay open to every identity. */
  readonly openStores: readonly string[];
}

export interface Read {
  readonly atMs: number;
  /** `nameOf` the asker. */
  readonly by: string;
  readonly artifact: string;
}

export interface History {
  readonly identities: readonly Asker[];
  readonly artifacts: readonly Artifact[];
  /** In order, without gaps. */
  readonly periods: readonly Period[];
  readonly reads: readonly Read[];
}

export interface Reach {
  readonly identity: string;
  /** Things that it could have read at some time, by what gave them. */
  readonly byPolicy: number;
  readonly byStorage: number;
  /** Things that it read, and how often. */
  readonly read: number;
  readonly reads: number;
  /** Reads of what no policy and no store gave it at that time. */
  readonly unexplained: number;
}

/** Decisions that were made, for whoever wants to make them again. */
export interface BlastRadius {
  readonly reaches: readonly Reach[];
  readonly classes: number;
  readonly decisions: number;
  /** Whether `identity` could have read `artifact` in period number `period`, by policy. */
  may(identity: number, artifact: number, period: number): boolean;
}

export function nameOf(asker: Asker): string {
  return asker.kind === 'participant' ? asker.pseudonym : asker.id;
}

/** Things, reads or decisions between two rests. */
const perRest = { things: 1_000, reads: 10_000, decisions: 2 } as const;

/** At once. */
export function blastRadius(history: History): BlastRadius {
  const steps = blastRadiusInSteps(history);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Rests every few milliseconds, so that whoever runs it can let others in between. */
export function* blastRadiusInSteps(history: History): Generator<undefined, BlastRadius> {
  const { identities, periods } = history;
  const classes = yield* classesOf(history);
  const decisions = new Decisions(periods);
  const allowed: boolean[][][] = [];
  for (const by of identities) {
    const mine: boolean[][] = [];
    for (const readings of classes.members) {
      const may = (at: number) => readings.some((reading) => decisions.on(by, reading, at));
      mine.push(periods.map((_, at) => may(at)));
      if (mine.length % perRest.decisions === 0) yield;
    }
    allowed.push(mine);
  }
  const may = (identity: number, artifact: number, period: number) =>
    allowed[identity]?.[classes.of[artifact] ?? -1]?.[period] === true;
  const reads = yield* readsOf(history);
  const reaches: Reach[] = [];
  for (const [identity, by] of identities.entries()) {
    const own = (artifact: number, period: number) => may(identity, artifact, period);
    const could = yield* countReachable(history, own);
    const did = yield* didRead(history, reads, identity, may);
    reaches.push({ identity: nameOf(by), ...could, ...did });
  }
  return { reaches, classes: classes.members.length, decisions: decisions.made, may };
}

/** Decisions by what they depend on: no two askers of one kind and relation differ. */
class Decisions {
  readonly #periods: readonly Period[];
  readonly #known = new Map<string, boolean>();
  made = 0;

  constructor(periods: readonly Period[]) {
    this.#periods = periods;
  }

  on(by: Asker, reading: Reading, at: number): boolean {
    const period = this.#periods[at];
    if (period === undefined) return false;
    const { policies, phase } = period;
    if (policies === undefined) return true;
    const key = `${policies.version} ${phase} ${relationOf(by, reading, policies)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.made += 1;
    const question = { ...reading, by, phase } as Question;
    const isAllowed = decide(policies, question).kind === 'allow';
    this.#known.set(key, isAllowed);
    return isAllowed;
  }
}

/** The asker in terms of the thing, where no policy names one person; else the asker itself. */
function relationOf(by: Asker, reading: Reading, { namesSomebody }: Policies): string {
  const name = nameOf(by);
  const text = JSON.stringify(reading);
  if (namesSomebody) return `${JSON.stringify(by)} ${text}`;
  const asker = by.kind === 'person' ? `person ${by.role}` : kindOf(by);
  return `${asker} ${text.replaceAll(JSON.stringify(name), '"the asker"')}`;
}

function kindOf(by: Exclude<Asker, { kind: 'person' }>): string {
  return by.kind === 'participant' ? `participant ${by.consents}` : 'stranger';
}

interface Classes {
  readonly members: readonly (readonly Reading[])[];
  /** The class of each artifact. */
  readonly of: Uint32Array;
}

/** Facts that name somebody; of whom does not ask no more matters than that it is another. */
const isOwner: ReadonlySet<string> = new Set(['owner', 'holder']);

/** Things with the same attributes, whatever they are called. */
function* classesOf({ identities, artifacts, periods }: History): Generator<undefined, Classes> {
  const isAsked = new Set(identities.map(nameOf));
  const namesSomebody = periods.some(({ policies }) => policies?.namesSomebody);
  const others = (name: string, value: unknown) =>
    isOwner.has(name) && !namesSomebody && !isAsked.has(String(value)) ? 'another' : value;
  const numbers = new Map<string, number>();
  const members: (readonly Reading[])[] = [];
  const of = new Uint32Array(artifacts.length);
  for (const [at, { id, readings }] of artifacts.entries()) {
    if (at % perRest.things === 0) yield;
    const key = JSON.stringify(readings, (name, value) =>
      value === id ? '' : others(name, value),
    );
    const known = numbers.get(key);
    of[at] = known ?? members.length;
    if (known !== undefined) continue;
    numbers.set(key, members.length);
    members.push(readings);
  }
  return { members, of };
}

function* countReachable(
  { artifacts, periods }: History,
  may: (artifact: number, period: number) => boolean,
): Generator<undefined, Pick<Reach, 'byPolicy' | 'byStorage'>> {
  let byPolicy = 0;
  let byStorage = 0;
  for (const [at, artifact] of artifacts.entries()) {
    if (at % perRest.reads === 0) yield;
    let isAllowed = false;
    let isOpen = false;
    for (const [number, period] of periods.entries()) {
      if (!overlap(period, artifact)) continue;
      isAllowed ||= may(at, number);
      isOpen ||= period.openStores.includes(artifact.store);
    }
    if (isAllowed) byPolicy += 1;
    if (isOpen) byStorage += 1;
  }
  return { byPolicy, byStorage };
}

/** Whether something was there in a period. */
export function overlap(period: Period, { fromMs, toMs }: Artifact): boolean {
  return period.toMs > fromMs && period.fromMs < toMs;
}

interface Reads {
  /** Of each identity: numbers of artifacts and of periods, side by side. */
  readonly of: readonly { readonly artifacts: number[]; readonly periods: number[] }[];
}

function* readsOf({ identities, artifacts, periods, reads }: History): Generator<undefined, Reads> {
  const byName = new Map(identities.map((by, at) => [nameOf(by), at]));
  const byId = new Map<string, number>();
  for (const [at, { id }] of artifacts.entries()) {
    if (at % perRest.reads === 0) yield;
    byId.set(id, at);
  }
  const of = identities.map(() => ({ artifacts: [] as number[], periods: [] as number[] }));
  for (const [at, { atMs, by, artifact }] of reads.entries()) {
    if (at % perRest.reads === 0) yield;
    const mine = of[byName.get(by) ?? -1];
    const number = byId.get(artifact);
    if (mine === undefined || number === undefined) continue;
    mine.artifacts.push(number);
    mine.periods.push(periodAt(periods, atMs));
  }
  return { of };
}

/** Of few periods the last that has begun; -1: before all. */
function periodAt(periods: readonly Period[], atMs: number): number {
  let at = periods.length - 1;
  while (at >= 0 && (periods[at]?.fromMs ?? 0) > atMs) at -= 1;
  return at;
}

function* didRead(
  { artifacts, periods }: History,
  { of }: Reads,
  identity: number,
  may: BlastRadius['may'],
): Generator<undefined, Pick<Reach, 'read' | 'reads' | 'unexplained'>> {
  const mine = of[identity] ?? { artifacts: [], periods: [] };
  const seen = new Uint8Array(artifacts.length);
  let read = 0;
  let unexplained = 0;
  for (const [at, artifact] of mine.artifacts.entries()) {
    if (at % perRest.reads === 0) yield;
    if (seen[artifact] === 0) read += 1;
    seen[artifact] = 1;
    const period = mine.periods[at] ?? -1;
    const isOpen = periods[period]?.openStores.includes(artifacts[artifact]?.store ?? '') === true;
    if (!isOpen && !may(identity, artifact, period)) unexplained += 1;
  }
  return { read, reads: mine.artifacts.length, unexplained };
}
