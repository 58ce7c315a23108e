// The single place where anything is kept or dropped. Everything that is not plainly allowed is
// dropped, with a content-free reason that is counted.
import type { Step } from '../budget/index.ts';
import type { GapReason } from '../events/index.ts';
import type { ActiveWindow, FocusedField } from '../observation/index.ts';
import type { ManifestFile, Signal } from '../statement/index.ts';
import { contextOf, hasSignal, needsOrigin } from './contexts.ts';
import type { DesktopMap } from './desktop-map.ts';

export type Verdict =
  | { readonly kind: 'keep'; readonly context: number }
  | { readonly kind: 'drop'; readonly reason: GapReason };

/** What holds for everything at this moment; undefined: nothing stands against capture. */
export type Standing = GapReason | undefined;

export interface KeyScene {
  readonly window: ActiveWindow | undefined;
  readonly focus: FocusedField | undefined;
}

const terminals: ReadonlySet<string> = new Set([
  'alacritty',
  'gnome-terminal',
  'gnome-terminal-server',
  'kitty',
  'konsole',
  'lxterminal',
  'mate-terminal',
  'org.wezfurlong.wezterm',
  'st-256color',
  'terminator',
  'tilix',
  'urxvt',
  'uxterm',
  'xfce4-terminal',
  'xterm',
]);

/** Where frames are to be fewer, there is at most one in this time. */
const fewerFramesMs = 10_000;

export class Gate {
  readonly #manifest: ManifestFile;
  readonly #injectedAllowed: boolean;
  readonly #dropped = new Map<GapReason, number>();
  #lastDrop: GapReason | undefined;
  #standing: Standing = 'no-lease';
  #step: Step = 'all';
  #lastFrameMs = Number.NEGATIVE_INFINITY;

  /** `injectedAllowed`: the agent was started for a virtual display, which headers record. */
  constructor(manifest: ManifestFile, injectedAllowed: boolean) {
    this.#manifest = manifest;
    this.#injectedAllowed = injectedAllowed;
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Pause, halt, lease, indicator and budget act here, at once. */
  stand(standing: Standing): void {
    this.#standing = standing;
  }

  /** False: the manifest does not name the signal, so nothing of it is kept. */
  takes(signal: Signal): boolean {
    return hasSignal(this.#manifest, signal);
  }

  /** How much the budgets leave; where they leave nothing, that is a standing as well. */
  spare(step: Step): void {
    this.#step = step;
  }

  /** Whether the frame before something at `atMs` is kept. */
  frame(atMs: number): boolean {
    if (!this.takes('frame') || this.#step === 'no-frames' || this.#step === 'stopped')
      return false;
    if (this.#step === 'fewer-frames' && atMs - this.#lastFrameMs < fewerFramesMs) return false;
    this.#lastFrameMs = atMs;
    return true;
  }

  /** Drops so far, by reason; counts only. A stretch in a secure field counts once. */
  dropped(): Readonly<Partial<Record<GapReason, number>>> {
    return Object.fromEntries(this.#dropped);
  }

  /**
   * A key is judged by every focus that may have been in effect while it was pressed: each must
   * allow it, and be the same context. A moment without focus between two fields is neither's.
   * `covered`: something else lies over the field, such as a lock screen.
   */
  key(scenes: readonly KeyScene[], injected: boolean, covered = false): Verdict {
    if (injected && !this.#injectedAllowed) return this.#drop('not-allowed');
    if (!this.takes('key')) return this.#drop('not-allowed');
    const settled = scenes.at(-1)?.focus !== undefined;
    const known = scenes.filter((scene) => scene.focus !== undefined);
    const verdicts = (settled ? known : scenes).map((scene) => this.#judgeKey(scene));
    const refusal = verdicts.find((verdict) => verdict.kind === 'drop');
    const [first] = verdicts;
    if (refusal?.kind === 'drop') return this.#drop(refusal.reason);
    if (first?.kind !== 'keep') return this.#drop('unknown-focus');
    const onePlace = verdicts.every(
      (each) => each.kind === 'keep' && each.context === first.context,
    );
    if (!onePlace) return this.#drop('unknown-focus');
    return covered ? this.#drop('locked') : this.#keep(first);
  }

  /** Pointer events belong to whatever lies on top at their point. */
  pointer(map: DesktopMap | undefined, x: number, y: number, injected: boolean): Verdict {
    if (injected && !this.#injectedAllowed) return this.#drop('not-allowed');
    if (!this.takes('pointer')) return this.#drop('not-allowed');
    if (this.#standing !== undefined) return this.#drop(this.#standing);
    const context = map?.contextAt(x, y);
    if (context === undefined) return this.#drop('not-allowed');
    return this.#keep({ kind: 'keep', context });
  }

  /** The active window: its context, or why it is not told. */
  window(window: ActiveWindow | undefined, focus: FocusedField | undefined): Verdict {
    if (this.#standing !== undefined) return { kind: 'drop', reason: this.#standing };
    return this.#place(window, focus);
  }

  /** The context that all of a window belongs to; undefined where its pages decide. */
  wholeWindow(window: ActiveWindow): number | undefined {
    if (needsOrigin(this.#manifest, window.app) || terminals.has(window.app)) return undefined;
    return contextOf(this.#manifest, { app: window.app, origin: undefined });
  }

  #judgeKey(scene: KeyScene): Verdict {
    if (this.#standing !== undefined) return refuse(this.#standing);
    const { window, focus } = scene;
    if (window !== undefined && terminals.has(window.app)) return refuse('terminal');
    if (window === undefined || focus === undefined) return refuse('unknown-focus');
    if (focus.roleClass === 'password') return refuse('secure-field');
    if (focus.roleClass === 'terminal') return refuse('terminal');
    return this.#place(window, focus);
  }

  #place(window: ActiveWindow | undefined, focus: FocusedField | undefined): Verdict {
    if (window === undefined) return refuse('not-allowed');
    // A focus of another process, or of nobody knows which, says nothing about this window.
    const own = focus === undefined || (focus.pid !== undefined && focus.pid === window.pid);
    if (!own) return refuse('unknown-focus');
    if (needsOrigin(this.#manifest, window.app) && focus === undefined) {
      return refuse('unknown-focus');
    }
    const context = contextOf(this.#manifest, { app: window.app, origin: focus?.documentOrigin });
    return context === undefined ? refuse('not-allowed') : { kind: 'keep', context };
  }

  #keep(verdict: Verdict): Verdict {
    this.#lastDrop = undefined;
    return verdict;
  }

  // Counting the keys of a password would tell how long it is.
  #drop(reason: GapReason): Verdict {
    const isSameStretch = reason === 'secure-field' && this.#lastDrop === reason;
    if (!isSameStretch) this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1);
    this.#lastDrop = reason;
    return refuse(reason);
  }
}

function refuse(reason: GapReason): Verdict {
  return { kind: 'drop', reason };
}
