// A screen in the making: what is said on it, and which of that are values that must not be left.
import type { Screen, ScreenPatch, ScreenText } from '@handrail/vault/worker/pixels/sample-screen';
import { type SampleKind, sampleValue } from '@handrail/vault/worker/pixels/sample-values';

export interface Scene {
  readonly screen: Screen;
  /** Numbers of the texts that are values. */
  readonly values: readonly number[];
}

export class Sketch {
  readonly patches: ScreenPatch[] = [];
  readonly #texts: ScreenText[] = [];
  readonly #values: number[] = [];

  text(...texts: readonly ScreenText[]): void {
    this.#texts.push(...texts);
  }

  value(kind: SampleKind, place: Omit<ScreenText, 'text'>): void {
    this.#values.push(this.#texts.push({ ...place, text: sampleValue(kind) }) - 1);
  }

  scene(width: number, height: number, paper: string): Scene {
    const screen = { width, height, paper, patches: this.patches, texts: this.#texts };
    return { screen, values: this.#values };
  }
}

/** One after the other, for ever. */
export function inTurn<T>(list: readonly [T, ...T[]], at: number): T {
  return list[at % list.length] ?? list[0];
}
