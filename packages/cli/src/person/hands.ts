// Mouse and keyboard of the scripted person: pointer paths instead of jumps, keys one by one, and a
// moment to look before each action.
import { setTimeout as delay } from 'node:timers/promises';
import type { Point } from '../desk/page.ts';
import type { StagedDisplay } from '../stage/stage.ts';

/** Long enough for the screen to settle and to be looked at. */
const lookMs = 520;
const pathSteps = 7;
const stepSeconds = '0.012';
const typeDelayMs = '9';

export type Button = 'left' | 'middle' | 'right';
const buttonNumbers = { left: '1', middle: '2', right: '3' } as const;

export class Hands {
  readonly #display: StagedDisplay;
  #at: Point = { x: 640, y: 400 };

  constructor(display: StagedDisplay) {
    this.#display = display;
  }

  /** Waits until what changed on the screen can be seen: people look before they act. */
  async look(): Promise<void> {
    await delay(lookMs);
  }

  async moveTo(to: Point): Promise<void> {
    await this.#run(this.#path(to));
  }

  async click(at: Point, count = 1, button: Button = 'left'): Promise<void> {
    await this.moveTo(at);
    await this.look();
    const number = buttonNumbers[button];
    await this.#run(['click', '--repeat', String(count), '--delay', '80', number]);
  }

  async drag(from: Point, to: Point): Promise<void> {
    await this.moveTo(from);
    await this.look();
    await this.#run(['mousedown', '1', 'sleep', '0.08']);
    await this.#run([...this.#path(to), 'sleep', '0.08', 'mouseup', '1']);
  }

  /** Wheel steps at a place; positive is down. */
  async scroll(at: Point, steps: number): Promise<void> {
    await this.moveTo(at);
    await this.look();
    const button = steps > 0 ? '5' : '4';
    await this.#run(['click', '--repeat', String(Math.abs(steps)), '--delay', '40', button]);
  }

  /** Line by line, with Enter between lines. */
  async type(text: string): Promise<void> {
    for (const [at, line] of text.split('\n').entries()) {
      if (at > 0) await this.press('Return');
      if (line !== '') await this.#run(['type', '--delay', typeDelayMs, '--', line]);
    }
  }

  /** Shortcuts and keys in X's names, such as `ctrl+s` and `Return`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#run(['key', '--delay', '30', ...keys]);
  }

  #path(to: Point): string[] {
    const from = this.#at;
    this.#at = to;
    const words: string[] = [];
    for (let step = 1; step <= pathSteps; step += 1) {
      const part = step / pathSteps;
      // Fast at first and slow at the end, as hands are.
      const eased = 1 - (1 - part) ** 2;
      const x = Math.round(from.x + (to.x - from.x) * eased);
      const y = Math.round(from.y + (to.y - from.y) * eased);
      words.push('mousemove', String(x), String(y), 'sleep', stepSeconds);
    }
    return words;
  }

  async #run(words: readonly string[]): Promise<void> {
    await this.#display.xdotool(...words);
  }
}
