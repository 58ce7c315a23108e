// Values in rows: a table with selected rows, a list that is scrolled so that its first and last
// rows are cut, and a printed page.
import { sampleKinds } from '@handrail/vault/worker/pixels/sample-values';
import { inTurn, type Scene, Sketch } from './sketch.ts';

const [width, height] = [1280, 800] as const;
const rows = 20;
const columns = ['email', 'phone', 'card'] as const;
const prose = [
  'The committee met on Tuesday and agreed to the plan as it had been put forward by',
  'the working group. Members were asked to send their remarks before the end of the',
  'month, so that the final version can be printed and handed out in good time to all',
] as const;

export function table(size: number, isSelected: (row: number) => boolean): Scene {
  const sketch = new Sketch();
  for (const [at, text] of ['Name', 'E-mail', 'Phone', 'Card', 'State'].entries()) {
    sketch.text({ x: 20 + at * 250, y: 40, text, size, ink: '#333' });
  }
  for (let row = 0; row < rows; row += 1) {
    const y = 40 + (row + 1) * size * 2;
    const striped = row % 2 === 0 ? '#fff' : '#f4f4f4';
    const fill = isSelected(row) ? '#1a73e8' : striped;
    const ink = isSelected(row) ? '#fff' : '#222';
    sketch.patches.push({ x: 0, y: y - size * 1.4, width, height: size * 2, fill });
    const name = `${inTurn(['Row', 'Order', 'Item', 'Entry'], row)} ${row}`;
    sketch.text({ x: 20, y, text: name, size, ink }, { x: 1020, y, text: 'open', size, ink });
    for (const [at, kind] of columns.entries()) {
      sketch.value(kind, { x: 20 + (at + 1) * 250, y, size, ink });
    }
  }
  return sketch.scene(width, height, '#fff');
}

/** The upper half of the first row and the lower half of the last lie outside. */
export function scrolledList(): Scene {
  const sketch = new Sketch();
  const size = 14;
  const every = 31;
  const cutPixels = 5;
  for (let at = 0; at * every < height; at += 1) {
    const y = cutPixels + at * every;
    sketch.text({ x: 30, y, text: inTurn(['Answered', 'Called back', 'Waiting'], at), size });
    sketch.value(inTurn(columns, at), { x: 180, y, size, ink: '#1a3d7c' });
  }
  return sketch.scene(width, height, '#fff');
}

/** As a viewer of documents shows it; `scale` leaves letters between pixels, as a picture does. */
export function page(scale: number): Scene {
  const sketch = new Sketch();
  const [size, line] = [12 * scale, 18 * scale];
  const type = { size, font: 'DejaVu Serif', ink: '#333' };
  sketch.patches.push({ x: 250, y: 20, width: 780, height: 860, fill: '#fff' });
  let y = 80;
  for (let at = 0; y < 840; at += 1, y += line) {
    if (at % 4 < 3) {
      sketch.text({ x: 290, y, text: inTurn(prose, at % 4), ...type });
      continue;
    }
    const kind = inTurn(sampleKinds, Math.floor(at / 4));
    const text = kind === 'password' ? 'password:' : 'Reach us at';
    sketch.text({ x: 290, y, text, ...type });
    sketch.value(kind, { x: 290 + 85 * scale, y, ...type });
  }
  return sketch.scene(width, 900, '#525659');
}
