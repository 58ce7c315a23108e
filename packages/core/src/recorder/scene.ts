// What the desktop is at any moment of the last seconds: the layout, the active window, the focus,
// and where contexts lie. A field that was secure once stays so, whatever it says later.
import type { CapturedEvent } from '../events/index.ts';
import { type DesktopMap, intersection, type KeyScene } from '../gate/index.ts';
import type {
  ActiveWindow,
  Bounds,
  DisplayObservation,
  FocusedField,
  KeyObservation,
  Observation,
} from '../observation/index.ts';
import { holdMs } from './hold.ts';
import type { MaskedFrame } from './masked-frame.ts';
import { Timeline } from './timeline.ts';
import { isText } from './typing.ts';

export type Layout = Extract<CapturedEvent, { kind: 'display' }>;

interface TimedMap {
  readonly atMs: number;
  readonly map: DesktopMap;
}

const secureFieldsMax = 1000;

export class Scene {
  readonly #windows = new Timeline<ActiveWindow | undefined>();
  readonly #focus = new Timeline<FocusedField | undefined>();
  readonly #maps = new Timeline<TimedMap>();
  readonly #secureFields = new Set<string>();
  #layout: Layout | undefined;
  #layoutSinceMs = Number.NEGATIVE_INFINITY;

  get layout(): Layout | undefined {
    return this.#layout;
  }

  see(observation: Observation): void {
    if (observation.kind === 'window') this.#windows.restate(observation.atMs, observation.window);
    if (observation.kind !== 'focus') return;
    const { focus, atMs } = observation;
    if (focus?.roleClass === 'password') this.#remember(focus.fieldId);
    this.#focus.set(atMs, focus);
  }

  seeMap(atMs: number, map: DesktopMap): void {
    this.#maps.set(atMs, { atMs, map });
  }

  seeFrame({ atMs, view }: MaskedFrame): void {
    this.seeMap(atMs, view.map);
    for (const node of view.nodes) {
      if (node.roleClass === 'password') this.#remember(node.nodeId);
    }
  }

  seeDisplay({ atMs, epoch, width, height, scale }: DisplayObservation): Layout {
    this.#layoutSinceMs = atMs;
    this.#layout = { kind: 'display', atMs: 0, epoch, width, height, scale };
    return this.#layout;
  }

  /** True for a field that is or was for passwords, such as one that shows its text for a while. */
  isSecure(fieldId: string): boolean {
    return this.#secureFields.has(fieldId);
  }

  windowAt(atMs: number): ActiveWindow | undefined {
    return this.#windows.during(atMs, atMs)[0];
  }

  /** The focus at `atMs`, or the one that followed it within the hold. */
  focusAt(atMs: number): FocusedField | undefined {
    const focuses = this.#focus.during(atMs, atMs + holdMs);
    return this.#asSecure(focuses.find((focus) => focus !== undefined));
  }

  /**
   * Text may belong to any focus of the hold. A key without text tells nothing about a field, and
   * often moves the focus itself, so it belongs to the focus in effect when it was pressed.
   */
  of(key: KeyObservation): readonly KeyScene[] {
    const untilMs = isText(key) ? key.atMs + holdMs : key.atMs;
    const windows = this.#windows.during(key.atMs, untilMs);
    const focuses = this.#focus.during(key.atMs, untilMs).map((focus) => this.#asSecure(focus));
    return windows.flatMap((window) => focuses.map((focus) => ({ window, focus })));
  }

  /** Where contexts lay at `atMs`; a window that became active since then lies above the rest. */
  mapAt(atMs: number, wholeWindow: (window: ActiveWindow) => number | undefined) {
    const [known] = this.#maps.during(atMs, atMs);
    if (!known || known.atMs < this.#layoutSinceMs) return undefined;
    const active = this.windowAt(atMs);
    if (!active || this.windowAt(known.atMs)?.id === active.id) return known.map;
    return known.map.raised(active, wholeWindow(active));
  }

  /** True when, as far as is known by now, something not allowed lies over the focused field. */
  isFieldCovered(scenes: readonly KeyScene[]): boolean {
    const map = this.#maps.latest();
    if (!map) return false;
    return scenes.some(({ window, focus }) => {
      if (!window || !focus) return false;
      const { x, y } = centreOf(window.bounds, focus.bounds);
      const isRaised = this.#windows.latest()?.id !== this.windowAt(map.atMs)?.id;
      return !isRaised && map.map.isCovered(window.id, x, y);
    });
  }

  isOnDisplay({ x, y }: { readonly x: number; readonly y: number }): boolean {
    const layout = this.#layout;
    return layout !== undefined && x >= 0 && y >= 0 && x < layout.width && y < layout.height;
  }

  #asSecure(focus: FocusedField | undefined): FocusedField | undefined {
    const turned = focus && focus.roleClass !== 'password' && this.isSecure(focus.fieldId);
    return turned ? { ...focus, roleClass: 'password' } : focus;
  }

  #remember(fieldId: string): void {
    this.#secureFields.add(fieldId);
    const [oldest] = this.#secureFields;
    if (this.#secureFields.size > secureFieldsMax && oldest) this.#secureFields.delete(oldest);
  }
}

/** Of the part of the field that lies in its window; a field may have been scrolled or moved. */
function centreOf(window: Bounds, field: Bounds | undefined) {
  const part = field && intersection(window, field);
  const { x, y, width, height } = part && part.width > 0 && part.height > 0 ? part : window;
  return { x: x + Math.floor(width / 2), y: y + Math.floor(height / 2) };
}
