// An action as the small steps that do it again. Pure: when and where they run is for others.
import type { ReplayAction } from './export-row.ts';
import { keySymbol } from './key-symbols.ts';

export type Step =
  | { readonly kind: 'wait'; readonly ms: number }
  /** Arguments of one xdotool call. */
  | { readonly kind: 'xdotool'; readonly args: readonly string[] }
  /** Typed text; it travels on standard input, never as an argument that others could see. */
  | { readonly kind: 'type'; readonly text: string };

export const waitMsMax = 3_000;
/** Between presses of a multi-click: well within half a second. */
const clickGapMs = 60;
const pressMs = 30;
const longPressMs = 1_100;
const dragPointsMax = 400;
const scrollStepsMax = 500;

const buttons = { left: 1, middle: 2, right: 3, back: 8, forward: 9 } as const;
const wheel = { up: 4, down: 5, left: 6, right: 7 } as const;

/**
 * Steps of all actions, with waits between them as recorded, at most three seconds each; undefined
 * for an action that this display has no keys for.
 */
export function actionsToSteps(
  actions: readonly ReplayAction[],
): readonly (readonly Step[] | undefined)[] {
  return actions.map((action, at) => {
    const before = actions[at - 1];
    const ms = before === undefined ? 0 : (action.startedAt - before.endedAt) * 1000;
    const steps = actionToSteps(action);
    return steps && [wait(ms), ...steps];
  });
}

export function actionToSteps(action: ReplayAction): readonly Step[] | undefined {
  const held = symbolsOf(action.modifiers ?? []);
  const steps = bareSteps(action);
  if (held === undefined || steps === undefined) return undefined;
  return [
    ...held.map((key) => xdotool('keydown', key)),
    ...steps,
    ...held.toReversed().map((key) => xdotool('keyup', key)),
  ];
}

function bareSteps(action: ReplayAction): readonly Step[] | undefined {
  const { kind, text, keys = [], count = 1 } = action;
  switch (kind) {
    case 'click':
      return [...moveTo(action), ...presses(action, count, pressMs)];
    case 'long_press':
      return [...moveTo(action), ...presses(action, 1, longPressMs)];
    case 'drag':
      return dragSteps(action);
    case 'move':
      return pathSteps(action);
    case 'scroll':
      return [...moveTo(action), ...scrollSteps(action)];
    case 'type':
      return text === undefined || text === '' ? [] : [{ kind: 'type', text }];
    case 'key':
    case 'hotkey': {
      const pressed = symbolsOf(keys);
      return pressed && pressed.length > 0 ? [xdotool('key', '--', pressed.join('+'))] : undefined;
    }
  }
}

function symbolsOf(names: readonly string[]): readonly string[] | undefined {
  const symbols = names.flatMap((name) => keySymbol(name) ?? []);
  return symbols.length === names.length ? symbols : undefined;
}

/** A drag with a count is the last press of a multi-click: the clicks before it belong to it. */
function dragSteps(action: ReplayAction): readonly Step[] {
  const button = buttonOf(action);
  return [
    ...moveTo(action),
    ...presses(action, (action.count ?? 1) - 1, pressMs),
    xdotool('mousedown', button),
    wait(pressMs),
    ...pathSteps(action),
    wait(pressMs),
    xdotool('mouseup', button),
  ];
}

function presses(action: ReplayAction, count: number, holdMs: number): readonly Step[] {
  const button = buttonOf(action);
  return Array.from({ length: Math.max(count, 0) }, () => [
    xdotool('mousedown', button),
    wait(holdMs),
    xdotool('mouseup', button),
    wait(clickGapMs),
  ]).flat();
}

/** The path with its own pace; long paths are thinned, their ends stay. */
function pathSteps({ path = [] }: ReplayAction): readonly Step[] {
  const every = Math.ceil(path.length / dragPointsMax);
  const kept = path.filter((_, at) => at % every === 0 || at === path.length - 1);
  return kept.flatMap(([x, y, at], index) => {
    const before = kept[index - 1];
    const ms = before === undefined ? 0 : (at - before[2]) * 1000;
    return [wait(ms), xdotool('mousemove', String(x), String(y))];
  });
}

function scrollSteps({ dx = 0, dy = 0 }: ReplayAction): readonly Step[] {
  return [
    ...wheelSteps(dy > 0 ? wheel.up : wheel.down, dy),
    ...wheelSteps(dx > 0 ? wheel.right : wheel.left, dx),
  ];
}

function wheelSteps(button: number, sum: number): readonly Step[] {
  const steps = Math.min(Math.round(Math.abs(sum)) || Math.ceil(Math.abs(sum)), scrollStepsMax);
  if (steps === 0) return [];
  return [xdotool('click', '--repeat', String(steps), '--delay', '20', String(button))];
}

function moveTo({ x, y }: ReplayAction): readonly Step[] {
  return x === undefined || y === undefined
    ? []
    : [xdotool('mousemove', String(x), String(y)), wait(pressMs)];
}

function buttonOf({ button = 'left' }: ReplayAction): string {
  return String(buttons[button]);
}

function xdotool(...args: readonly string[]): Step {
  return { kind: 'xdotool', args };
}

function wait(ms: number): Step {
  return { kind: 'wait', ms: Math.min(Math.max(Math.round(ms), 0), waitMsMax) };
}
