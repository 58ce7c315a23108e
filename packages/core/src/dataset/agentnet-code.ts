// One action in AgentNet's action space: PyAutoGUI text with coordinates as shares of the display,
// and a sentence. Source: the dataset card of xlangai/AgentNet and OpenCUA (arXiv 2508.09123).
import type { Display, TrajectoryAction } from './trajectory.ts';

type Place = { readonly width: number; readonly height: number } | undefined;

/** PyAutoGUI text. What it cannot say is listed in `agentnetLosses`. */
export function agentnetCode(action: TrajectoryAction, display: Display | undefined): string {
  const lines = plainCode(action, display);
  const held = action.modifiers ?? [];
  const down = held.map((name) => `pyautogui.keyDown(${python(name)})`);
  const up = [...held].reverse().map((name) => `pyautogui.keyUp(${python(name)})`);
  return [...down, ...lines, ...up].join('\n');
}

function plainCode(action: TrajectoryAction, display: Place): string[] {
  const { x = 0, y = 0, keys = [] } = action;
  const at = share(x, y, display);
  const button = action.button === undefined ? '' : `, button=${python(action.button)}`;
  switch (action.kind) {
    case 'click':
      return [clickCode(action, at, button)];
    case 'long_press':
      return [`pyautogui.mouseDown(${at}${button})`, `pyautogui.mouseUp(${at}${button})`];
    case 'drag':
      return [
        `pyautogui.moveTo(${at})`,
        `pyautogui.dragTo(${endOf(action, display)}${button || ", button='left'"})`,
      ];
    case 'move':
      return [`pyautogui.moveTo(${endOf(action, display)})`];
    case 'scroll':
      return [`pyautogui.moveTo(${at})`, ...scrollCode(action)];
    case 'type':
      return [`pyautogui.write(message=${python(action.text ?? '')})`];
    case 'key':
      return [`pyautogui.press(${python(keys[0] ?? '')})`];
    case 'hotkey':
      return [`pyautogui.hotkey([${keys.map(python).join(', ')}])`];
  }
}

function clickCode(action: TrajectoryAction, at: string, button: string): string {
  if (action.button === 'right') return `pyautogui.rightClick(${at})`;
  if (action.button === 'middle') return `pyautogui.middleClick(${at})`;
  if (action.button !== 'left') return `pyautogui.click(${at}${button})`;
  if (action.count === 3) return `computer.tripleClick(${at})`;
  return `pyautogui.${action.count === 2 ? 'doubleClick' : 'click'}(${at})`;
}

function scrollCode({ dx = 0, dy = 0 }: TrajectoryAction): string[] {
  const lines: string[] = [];
  if (dy !== 0) lines.push(`pyautogui.scroll(${Math.round(dy) || Math.sign(dy)})`);
  if (dx !== 0) lines.push(`pyautogui.hscroll(${Math.round(dx) || Math.sign(dx)})`);
  return lines;
}

function endOf({ path = [], x = 0, y = 0 }: TrajectoryAction, display: Place): string {
  const [endX, endY] = path.at(-1) ?? [x, y, 0];
  return share(endX, endY, display);
}

/** Four decimals, as AgentNet has. */
function share(x: number, y: number, display: Place): string {
  const of = (part: number, whole: number | undefined) =>
    whole === undefined ? part : Math.round((part / whole) * 10_000) / 10_000;
  return `x=${of(x, display?.width)}, y=${of(y, display?.height)}`;
}

/** A Python string literal. */
function python(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `'${escaped}'`;
}

/** One English sentence, from the action alone. */
export function agentnetSentence(action: TrajectoryAction): string {
  const { x, y, keys = [], count = 1, button = 'left' } = action;
  const place = `(${x}, ${y})`;
  const times = ['', 'Double-', 'Triple-'][count - 1] ?? '';
  switch (action.kind) {
    case 'click':
      return `${times === '' ? 'Click' : `${times}click`} the ${button} button at ${place}.`;
    case 'long_press':
      return `Hold the ${button} button at ${place}.`;
    case 'drag': {
      const [endX, endY] = action.path?.at(-1) ?? [x, y, 0];
      return `Drag with the ${button} button from ${place} to (${endX}, ${endY}).`;
    }
    case 'move':
      return 'Move the pointer.';
    case 'scroll':
      return `Scroll ${action.dx ?? 0} right and ${action.dy ?? 0} up at ${place}.`;
    case 'type':
      return `Type ${JSON.stringify(action.text ?? '')}.`;
    case 'key':
    case 'hotkey':
      return `Press ${keys.join('+')}.`;
  }
}
