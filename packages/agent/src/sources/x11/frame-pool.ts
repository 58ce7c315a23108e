// Memories for whole screens, lent and returned, never more than the stated number: a reader that
// keeps its frames gets no new ones instead of filling the memory.
import type { ScreenMemory, ScreenSize } from './screen-memory.ts';

export interface LentMemory {
  readonly memory: ScreenMemory;
  /** Gives the memory back; a second call does nothing. */
  release(): void;
}

export class FramePool {
  readonly #memoriesMax: number;
  readonly #make: (size: ScreenSize) => Promise<ScreenMemory>;
  #size: ScreenSize = { width: 0, height: 0 };
  #lent = 0;
  #free: ScreenMemory[] = [];

  constructor(memoriesMax: number, make: (size: ScreenSize) => Promise<ScreenMemory>) {
    this.#memoriesMax = memoriesMax;
    this.#make = make;
  }

  /** Memories of another size come back for nothing. */
  resize(size: ScreenSize): void {
    this.#size = size;
    for (const memory of this.#free.splice(0)) memory.free();
  }

  async lend(): Promise<LentMemory | undefined> {
    if (this.#lent >= this.#memoriesMax) return undefined;
    this.#lent += 1;
    try {
      const memory = this.#free.pop() ?? (await this.#make(this.#size));
      let out = true;
      const release = () => {
        if (out) this.#takeBack(memory);
        out = false;
      };
      return { memory, release };
    } catch (error) {
      this.#lent -= 1;
      throw error;
    }
  }

  #takeBack(memory: ScreenMemory): void {
    this.#lent -= 1;
    if (memory.size === this.#size) this.#free.push(memory);
    else memory.free();
  }
}
