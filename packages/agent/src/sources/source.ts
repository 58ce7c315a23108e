// What the desktop shows and what the person does, as raw observations in memory. A source only
// observes: it decides nothing, keeps nothing and writes nothing. The gate is the one consumer.
import type { Observation } from '@handrail/core/observation';

export type Emit = (observation: Observation) => void;

/** Observes from `start` until it is disposed. `start` throws `capture.unavailable`. */
export interface Source extends AsyncDisposable {
  start(emit: Emit): Promise<void>;
}
