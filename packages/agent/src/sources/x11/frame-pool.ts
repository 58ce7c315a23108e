// Buffers for whole frames, lent and returned, never more than the stated number: a reader that
// keeps its frames gets no new ones instead of filling the memory.

export interface LentBuffer {
  readonly bytes: Uint8Array;
  /** Gives the buffer back; a second call does nothing. */
  release(): void;
}

export class FramePool {
  readonly #buffersMax: number;
  #bytes = 0;
  #lent = 0;
  #free: Uint8Array[] = [];

  constructor(buffersMax: number) {
    this.#buffersMax = buffersMax;
  }

  /** Buffers of another size come back for nothing. */
  resize(bytes: number): void {
    this.#bytes = bytes;
    this.#free = [];
  }

  lend(): LentBuffer | undefined {
    if (this.#lent >= this.#buffersMax) return undefined;
    this.#lent += 1;
    const bytes = this.#free.pop() ?? new Uint8Array(this.#bytes);
    let out = true;
    return {
      bytes,
      release: () => {
        if (!out) return;
        out = false;
        this.#lent -= 1;
        if (bytes.length === this.#bytes) this.#free.push(bytes);
      },
    };
  }
}
