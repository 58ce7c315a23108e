// Which part of the screen changed since it was last asked, so that a blinking caret, which changes
// it twice a second for hours, counts as no change. Small changes that add up are one.
import type { DamageExtension, FixesExtension } from './client.ts';
import type { XConnection } from './connection.ts';

const caretWidthMax = 4;
const caretHeightMax = 64;

interface Region {
  readonly extents: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
}

interface Extent {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export class ChangedParts {
  readonly #connection: XConnection;
  readonly #damage: DamageExtension;
  readonly #fixes: FixesExtension;
  readonly #damageId: number;
  readonly #region: number;
  /** All of what was taken for a caret since the last change. */
  #carets: Extent | undefined;

  constructor(
    connection: XConnection,
    damage: DamageExtension,
    fixes: FixesExtension,
    damageId: number,
  ) {
    this.#connection = connection;
    this.#damage = damage;
    this.#fixes = fixes;
    this.#damageId = damageId;
    this.#region = connection.client.AllocID();
    fixes.CreateRegion(this.#region, []);
  }

  /** Takes what changed from the server, which tells the next change anew. False for a caret. */
  async takeChange(): Promise<boolean> {
    this.#damage.Subtract(this.#damageId, 0, this.#region);
    const answer = await this.#connection.tryAsk<Region>((_, done) =>
      this.#fixes.FetchRegion(this.#region, done),
    );
    if (!answer) return true;
    const { x, y, width, height } = answer.extents;
    const part = { left: x, top: y, right: x + width, bottom: y + height };
    this.#carets = joined(part, this.#carets);
    if (isCaret(this.#carets)) return false;
    this.#carets = undefined;
    return true;
  }
}

function joined(a: Extent, b: Extent | undefined): Extent {
  if (!b) return a;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

function isCaret({ left, top, right, bottom }: Extent): boolean {
  return right - left <= caretWidthMax && bottom - top <= caretHeightMax;
}
