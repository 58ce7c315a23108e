// Applies what holds at this moment to the gate, the indicator and the screen, and says every
// change of state.
import type { Recording } from './recording.ts';
import { type Facts, type Standing, standingOf } from './standing.ts';

export interface StanceParts {
  readonly facts: () => Facts;
  readonly recording: () => Recording | undefined;
  readonly onState: (line: { readonly state: string; readonly reason: string | null }) => void;
}

export class Stance {
  readonly #parts: StanceParts;
  #standing: Standing | undefined;

  constructor(parts: StanceParts) {
    this.#parts = parts;
  }

  /** What was applied last. */
  get standing(): Standing | undefined {
    return this.#standing;
  }

  /** A stop goes to the gate first; recording is said only once the indicator says it too. */
  take(): void {
    const { facts, recording, onState } = this.#parts;
    const { gate, capture } = recording() ?? {};
    const first = standingOf(facts());
    gate?.spare(facts().budget.step);
    if (gate && first.gap !== undefined) this.#apply(first);
    const isOn = first.state === 'recording' || first.gap === 'indicator';
    capture?.indicator.show(isOn ? 'recording' : first.state === 'paused' ? 'paused' : 'off');
    const standing = this.#spoken(facts());
    this.#apply(standing);
    const changed =
      this.#standing?.state !== standing.state || this.#standing.reason !== standing.reason;
    this.#standing = standing;
    if (changed) onState({ state: standing.state, reason: standing.reason });
  }

  /** An indicator that is only about to be seen has not gone off. */
  #spoken(facts: Facts): Standing {
    const standing = standingOf(facts);
    const isWaiting = this.#standing?.state === 'waiting' && facts.indicator !== 'dead';
    return standing.gap === 'indicator' && isWaiting ? { ...standing, state: 'waiting' } : standing;
  }

  #apply({ gap, looks }: Standing): void {
    const { gate, capture } = this.#parts.recording() ?? {};
    if (gate && gate.standing !== gap) capture?.recorder.stand(gap);
    capture?.look(looks);
  }
}
