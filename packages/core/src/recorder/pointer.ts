// Buttons that are down: a release follows the verdict of its press, and so does the motion of a
// drag, so that no action is kept by half.
import type { CapturedEvent } from '../events/index.ts';
import type { Verdict } from '../gate/index.ts';
import type {
  ButtonObservation,
  MoveObservation,
  PointerButton,
  ScrollObservation,
} from '../observation/index.ts';

export type PointerObservation = MoveObservation | ButtonObservation | ScrollObservation;

const scrollGapMs = 500;

export class Pointer {
  readonly #down = new Map<PointerButton, Verdict>();
  #lastScrollMs = Number.NEGATIVE_INFINITY;

  get isDown(): boolean {
    return this.#down.size > 0;
  }

  reset(): void {
    this.#down.clear();
  }

  /** The verdict of a press or, for what belongs to one, the press's own. */
  judge(event: PointerObservation, decide: () => Verdict): Verdict {
    if (event.kind === 'move') return this.#down.values().next().value ?? decide();
    if (event.kind === 'scroll') return decide();
    if (event.down) {
      const verdict = decide();
      this.#down.set(event.button, verdict);
      return verdict;
    }
    const pressed = this.#down.get(event.button);
    this.#down.delete(event.button);
    return pressed ?? decide();
  }

  /** True when an action may begin here, which wants the frame from before it. */
  begins(event: PointerObservation): boolean {
    if (event.kind === 'button') return event.down;
    if (event.kind === 'move') return false;
    const begins = event.atMs - this.#lastScrollMs >= scrollGapMs;
    this.#lastScrollMs = event.atMs;
    return begins;
  }
}

export function pointerEvent(event: PointerObservation, atMs: number): CapturedEvent {
  const { x, y } = event;
  if (event.kind === 'move') return { kind: 'move', atMs, x, y };
  const modifiers = [...event.modifiers];
  if (event.kind === 'scroll') {
    return { kind: 'scroll', atMs, x, y, dx: event.dx, dy: event.dy, modifiers };
  }
  return { kind: 'button', atMs, x, y, button: event.button, down: event.down, modifiers };
}
