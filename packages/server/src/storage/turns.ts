// One piece of work after the other, in the order of asking, with a bound on who may wait.
import { HandrailError } from '@handrail/core/errors';

export class Turns {
  readonly #waitingMax: number;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax;
  }

  /** Throws `rate.limited` when too many wait. */
  take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#waitingMax) {
      const busy = new HandrailError('rate.limited', 'Too many at once: try again in a second.');
      return Promise.reject(busy);
    }
    this.#waiting += 1;
    const turn = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
