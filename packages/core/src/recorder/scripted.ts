// For tests: a recorder on a clock that is moved by hand, fed with the observations of a desktop
// with one page and one editor.

import { DesktopMap, Gate } from '../gate/index.ts';
import type { FocusedField, Modifier, RoleClass, StructureNode } from '../observation/index.ts';
import { Sensitive } from '../sensitive/index.ts';
import type { ManifestFile } from '../statement/index.ts';
import type { MaskedFrame } from './masked-frame.ts';
import { type FinishedDraft, Recorder } from './recorder.ts';

export const screen = { x: 0, y: 0, width: 100, height: 100 };
const manifest: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus', 'frame'],
  contexts: [
    { app: 'editor', mode: 'full' },
    { app: 'other', mode: 'full' },
  ],
};
const named = new Set(['tab', 'enter', 'backspace', 'ctrl', 'shift']);

export class Scripted {
  nowMs = 1000;
  readonly finished: FinishedDraft[] = [];
  readonly gate: Gate;
  readonly recorder: Recorder;
  readonly #held = new Set<Modifier>();

  constructor(signals = manifest.signals) {
    this.gate = new Gate({ ...manifest, signals }, false);
    this.recorder = new Recorder({
      gate: this.gate,
      clock: () => this.nowMs,
      encodeImage: async () => new Uint8Array(),
      onDraft: (finished) => this.finished.push(finished),
    });
    const layout = { width: 100, height: 100, scale: 1, screens: [] } as const;
    this.recorder.observe({ kind: 'display', atMs: this.nowMs, epoch: 1, ...layout });
    this.window('editor');
    this.focus('a');
    this.recorder.stand(undefined);
    this.frame();
    this.wait(1);
  }

  /** Time passes in steps of a tick. */
  wait(ms: number): this {
    const untilMs = this.nowMs + ms;
    for (; this.nowMs < untilMs; this.nowMs = Math.min(untilMs, this.nowMs + 250)) {
      this.recorder.tick();
    }
    this.recorder.tick();
    return this;
  }

  window(app: string, id = app.length): this {
    const window = { id, app, title: new Sensitive(''), pid: 1, bounds: screen };
    this.recorder.observe({ kind: 'window', atMs: this.nowMs, window });
    return this;
  }

  focus(fieldId: string | undefined, roleClass: RoleClass = 'text'): this {
    const field = { role: 'entry', roleClass, editable: true, bounds: screen, pid: 1, app: 'x' };
    const focus: FocusedField | undefined = fieldId === undefined ? fieldId : { ...field, fieldId };
    this.recorder.observe({ kind: 'focus', atMs: this.nowMs, focus });
    return this;
  }

  /** Letters, or named keys in angle brackets: `ab<tab>c`; 10 ms from key to key. */
  type(text: string): this {
    for (const [key = ''] of text.matchAll(/<\w+>|./g)) {
      const name = key.replace(/[<>]/g, '');
      this.key(name, true);
      this.nowMs += 5;
      this.key(name, false);
      this.nowMs += 5;
    }
    return this;
  }

  key(name: string, down: boolean, atMs = this.nowMs): this {
    const keycode = [...name].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7);
    const text = named.has(name) ? undefined : name;
    const rest = { serverTime: 0, injected: false, keysym: 0, repeat: false };
    const modifiers = [...this.#held];
    this.recorder.observe({ kind: 'key', atMs, keycode, name, text, down, modifiers, ...rest });
    if (name === 'ctrl' || name === 'shift') {
      if (down) this.#held.add(name);
      else this.#held.delete(name);
    }
    return this;
  }

  button(down: boolean, x = 50, y = 50): this {
    const at = { atMs: this.nowMs, serverTime: 0, injected: false, x, y, modifiers: [] };
    this.recorder.observe({ kind: 'button', button: 'left', down, ...at });
    return this;
  }

  move(x: number, y = 50): this {
    const at = { atMs: this.nowMs, serverTime: 0, injected: false, x, y };
    this.recorder.observe({ kind: 'move', ...at });
    return this;
  }

  frame(nodes: readonly StructureNode[] = [], atMs = this.nowMs): this {
    const allowed = { context: 0, area: screen };
    const map = new DesktopMap([{ id: 6, bounds: screen, allowed }]);
    const frame: MaskedFrame = {
      atMs,
      displayEpoch: 1,
      picture: { width: 4, height: 4, tiles: [{ kind: 'flat', colour: 0 }] },
      filled: [],
      fields: [],
      view: { map, nodes, drawnNodes: new Set(), isPartial: false },
    };
    this.recorder.addFrame(frame);
    return this;
  }

  /** All that was kept so far, in short. */
  kept(): string {
    this.wait(400);
    this.recorder.finish(true);
    return this.brief();
  }

  brief(): string {
    const events = this.finished.flatMap(({ draft }) => draft.events);
    return events
      .map((event) => {
        if (event.kind === 'run') return `"${event.text}"`;
        if (event.kind === 'key') return `${event.down ? '+' : '-'}${event.key}`;
        if (event.kind === 'gap') return `gap:${event.reason}`;
        if (event.kind === 'window') return `window:${event.context}`;
        if (event.kind === 'task') return `task:${event.edge}:${event.text}`;
        return event.kind === 'button' ? `button:${event.down}` : event.kind;
      })
      .join(' ');
  }
}
