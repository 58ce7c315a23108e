// Forms of two columns, a label above each field: any size of type, any ground; labels of axes may
// run up and down below them.
import { type SampleKind, sampleKinds } from '@handrail/vault/worker/pixels/sample-values';
import { inTurn, type Scene, Sketch } from './sketch.ts';

export interface FormLook {
  /** Of the type, in pixels. */
  readonly size: number;
  readonly ink?: string;
  readonly paper?: string;
  readonly box?: string;
  readonly font?: string;
  readonly width?: number;
  readonly height?: number;
}

const labels: Readonly<Record<SampleKind, string>> = {
  ...{ email: 'E-mail', card: 'Card number', iban: 'IBAN', key: 'API key', phone: 'Phone' },
  password: 'Password',
};
const plain = { ink: '#111', paper: '#fff', box: '#fff', width: 1280, height: 800 } as const;

export function form(look: FormLook): Scene {
  const { paper, width, height } = { ...plain, ...look };
  return sketched(look).scene(width, height, paper);
}

/** With values that run up and down below the fields. */
export function turnedLabels(): Scene {
  const [width, height] = [1280, 1000];
  const sketch = sketched({ size: 15, height: 500 });
  for (const [at, kind] of (['email', 'card', 'key', 'iban'] as const).entries()) {
    const turn = at % 2 === 0 ? 90 : -90;
    const y = turn > 0 ? 560 : 940;
    sketch.value(kind, { x: 100 + at * 220, y, size: 16, turn, ink: '#222' });
  }
  return sketch.scene(width, height, plain.paper);
}

function sketched(look: FormLook): Sketch {
  const { size, ink, box, font = 'DejaVu Sans', width, height } = { ...plain, ...look };
  const sketch = new Sketch();
  const type = { size, ink, font };
  sketch.text({ x: 40, y: 40, text: 'Expense report', ...type, size: size * 1.6 });
  for (let row = 0, y = 60; y < height - size * 5; row += 1, y += size * 5.2) {
    const kind = inTurn(sampleKinds, row);
    for (const x of [40, width / 2]) {
      sketch.text({ x, y: y + size * 1.4, text: labels[kind], ...type });
      const field = { x, y: y + size * 2, width: width / 2 - 100, height: size * 2.2 };
      sketch.patches.push({ ...field, fill: box, edge: '#888' });
      sketch.value(kind, { x: x + 8, y: y + size * 3.5, ...type });
    }
  }
  return sketch;
}
