// Source text in a code editor, with line numbers and colours; a dialog may lie over it.
import { sampleKinds } from '@handrail/vault/worker/pixels/sample-values';
import { inTurn, type Scene, Sketch } from './sketch.ts';

const font = 'DejaVu Sans Mono';
const letterPart = 0.602;
const [width, height] = [1280, 800] as const;
const inks = {
  dark: ['#d4d4d4', '#9cdcfe', '#ce9178', '#6a9955'],
  light: ['#111', '#0451a5', '#a31515', '#008000'],
} as const;
const papers = { dark: '#1e1e1e', light: '#fff' } as const;
const lines = [
  'function total(items) {',
  '  return items.map((item) => item.price * 3)',
  '  // sums up what was ordered',
  '  if (count > 17) throw new Error("too many");',
] as const;
const everyNth = 4;

export function editor(size: number, look: 'dark' | 'light'): Scene {
  const sketch = new Sketch();
  write(sketch, size, look, [0, height]);
  return sketch.scene(width, height, papers[look]);
}

/** A window asks for an address over a dark editor. */
export function dialogOverEditor(): Scene {
  const sketch = new Sketch();
  write(sketch, 13, 'dark', [0, 225]);
  write(sketch, 13, 'dark', [555, height]);
  sketch.patches.push(
    { x: 340, y: 240, width: 600, height: 300, fill: '#f0f0f0', edge: '#000' },
    { x: 360, y: 330, width: 560, height: 34, fill: '#fff', edge: '#999' },
    { x: 760, y: 480, width: 160, height: 36, fill: '#1a73e8' },
  );
  sketch.text(
    { x: 360, y: 290, text: 'Share with a colleague', size: 18, ink: '#111' },
    { x: 360, y: 410, text: 'Your token is', size: 13, ink: '#444' },
    { x: 800, y: 503, text: 'Send it', size: 14, ink: '#fff' },
  );
  sketch.value('email', { x: 370, y: 353, size: 14, ink: '#111' });
  sketch.value('key', { x: 470, y: 410, size: 13, ink: '#444', font });
  return sketch.scene(width, height, papers.dark);
}

function write(
  sketch: Sketch,
  size: number,
  look: keyof typeof inks,
  [top, bottom]: readonly [number, number],
): void {
  const ink = inks[look];
  let number = 1;
  for (let y = top + 40; y < bottom - 20; y += Math.round(size * 1.5), number += 1) {
    sketch.text({ x: 16, y, text: String(number).padStart(3), size, ink: '#858585', font });
    const kind = inTurn(sampleKinds, Math.floor(number / everyNth));
    const head = kind === 'password' ? '  password: ' : '  const contact = "';
    const isValue = number % everyNth === 0;
    const text = isValue ? head : inTurn(lines, number);
    sketch.text({ x: 60, y, text, size, ink: isValue ? ink[0] : inTurn(ink, number), font });
    const x = 60 + head.length * letterPart * size;
    if (isValue) sketch.value(kind, { x, y, size, ink: ink[2], font });
  }
}
