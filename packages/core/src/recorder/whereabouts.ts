// Tells, in the draft, where things happen: the context of what is kept and the field with the
// focus. Nothing is told of a place that the manifest does not name.
import type { Gate, Verdict } from '../gate/index.ts';
import type { FocusedField } from '../observation/index.ts';
import type { Draft } from './draft.ts';
import type { Scene } from './scene.ts';

const roleLettersMax = 60;

export class Whereabouts {
  readonly #gate: Gate;
  readonly #scene: Scene;
  #context: number | null = null;
  #field: string | undefined;
  #window: number | undefined;

  constructor(gate: Gate, scene: Scene) {
    this.#gate = gate;
    this.#scene = scene;
  }

  /** A new draft begins: it has been told nothing yet. */
  begin(): void {
    this.#context = null;
    this.#field = undefined;
  }

  /** The number of the field that has the focus. */
  fieldOf(draft: Draft): number {
    return draft.field(this.#field ?? '', undefined).number;
  }

  /** The active window or the focus changed; true when something else has the focus now. */
  place(draft: Draft | undefined, atMs: number): boolean {
    const window = this.#scene.windowAt(atMs);
    const focus = this.#scene.focusAt(atMs);
    const verdict = this.#gate.window(window, focus);
    // A changed title is no other place: what is being typed goes on.
    const isElsewhere = window?.id !== this.#window || focus?.fieldId !== this.#field;
    if (focus?.roleClass === 'password') {
      draft?.secure(focus.fieldId);
      if (focus.fieldId !== this.#field) draft?.secureSince(atMs);
    }
    this.#window = window?.id;
    this.tellContext(draft, verdict, atMs);
    this.#tellFocus(draft, verdict, focus, atMs);
    return isElsewhere;
  }

  tellContext(draft: Draft | undefined, verdict: Verdict, atMs: number): void {
    const context = verdict.kind === 'keep' ? verdict.context : null;
    if (context === this.#context) return;
    this.#context = context;
    draft?.add({ kind: 'window', atMs: draft.sinceStart(atMs), context });
  }

  #tellFocus(
    draft: Draft | undefined,
    verdict: Verdict,
    focus: FocusedField | undefined,
    atMs: number,
  ): void {
    if (focus?.fieldId === this.#field) return;
    this.#field = focus?.fieldId;
    if (!draft || !focus?.bounds || verdict.kind !== 'keep') return;
    if (focus.roleClass === 'password' || !this.#gate.takes('focus')) return;
    const { editable, bounds } = focus;
    if (bounds.width < 0 || bounds.height < 0) return;
    const field = draft.field(focus.fieldId, bounds).number;
    const role = focus.role.slice(0, roleLettersMax);
    draft.add({ kind: 'focus', atMs: draft.sinceStart(atMs), role, field, editable, bounds });
  }
}
