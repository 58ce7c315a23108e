// How many bytes of request bodies may be in memory at the same time, whoever sends them: a body is
// read whole before its signature can be checked. What is over the budget is told to come back.
import { HandrailError } from '@handrail/core/errors';

export const bodyBytesInFlightMax = 256 * 1024 * 1024;

export class BodyBudget {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number = bodyBytesInFlightMax) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes what a body of this length needs; one of unknown length needs its limit. Gives how to
   * give it back. Throws `rate.limited`.
   */
  take(contentLength: string | undefined, limit: number): () => void {
    const length = contentLength === undefined ? limit : Number(contentLength);
    // Too long a body is refused by its own limit before it is read.
    const bytes = length <= limit ? length : 0;
    if (this.#bytes + bytes > this.#bytesMax) {
      throw new HandrailError('rate.limited', 'Too much comes in at once: try again in a second.');
    }
    this.#bytes += bytes;
    let taken = bytes;
    return () => {
      this.#bytes -= taken;
      taken = 0;
    };
  }
}
