// Collects what a source emits, and waits for it.

import type { Source } from '@handrail/agent/sources/source';
import type { Observation } from '@handrail/core/observation';
import { vi } from 'vitest';

const waitMillisecondsMax = 60_000;

export type Kind = Observation['kind'];
export type OfKind<K extends Kind> = Extract<Observation, { kind: K }>;

export interface Observed {
  readonly all: Observation[];
  of<K extends Kind>(kind: K): OfKind<K>[];
  /** The first such observation from index `from` on, waited for. */
  until<K extends Kind>(
    kind: K,
    wanted: (observation: OfKind<K>) => boolean,
    from?: number,
  ): Promise<OfKind<K>>;
}

export async function observe(...sources: readonly Source[]): Promise<Observed> {
  const all: Observation[] = [];
  for (const source of sources) await source.start((observation) => all.push(observation));
  const of = <K extends Kind>(kind: K, from = 0) =>
    all.slice(from).filter((one): one is OfKind<K> => one.kind === kind);
  return {
    all,
    of: (kind) => of(kind),
    until: (kind, wanted, from = 0) =>
      waitFor(`an observation of kind ${kind}`, () => of(kind, from).find(wanted)),
  };
}

/** Waits until the answer is there; fails naming what was waited for. */
export function waitFor<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  return vi.waitFor(
    async () => {
      const answer = await ask();
      if (answer === undefined || answer === false) throw new Error(`Waited for ${what}.`);
      return answer;
    },
    { timeout: waitMillisecondsMax, interval: 20 },
  );
}
