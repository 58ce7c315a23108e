// A stretch of work as frames: fields of a form are filled in, a few letters a frame, then lines of
// a text are written beside it. Some of what is written must not be seen.
import type { Screen, ScreenText } from '@handrail/vault/worker/pixels/sample-screen';
import { sampleKinds, sampleValue } from '@handrail/vault/worker/pixels/sample-values';

export interface Step {
  readonly screen: Screen;
}

const lettersPerFrame = 9;
const labels = ['Contact', 'Card', 'Account', 'Token', 'Phone', 'Password'] as const;
const plain = [
  'Please order the chairs for room seven this week',
  'The old ones go to the workshop on the ground floor',
  'Ask for two offers and choose the one with oak',
  'They deliver on weekdays between nine and twelve',
] as const;
const ink = { value: '#111111', text: '#222222' } as const;

/** Every step shows one frame more; values are those texts that are drawn in their own ink. */
export function seriesOf(): readonly Step[] {
  const fields = sampleKinds.map((kind, at) => ({
    ...{ x: 148, y: 212 + at * 90, size: 15, ink: ink.value },
    text: sampleValue(kind),
  }));
  const lines = Array.from({ length: 8 }, (_, at) => ({
    ...{ x: 900, y: 200 + at * 30, size: 14, ink: ink.text },
    text: plain[at % plain.length] ?? '',
  }));
  const steps: Step[] = [{ screen: screenOf([]) }];
  const done: ScreenText[] = [];
  for (const written of [...fields, ...lines]) {
    for (
      let end = lettersPerFrame;
      end - lettersPerFrame < written.text.length;
      end += lettersPerFrame
    ) {
      const text = { ...written, text: written.text.slice(0, end) };
      steps.push({ screen: screenOf([...done, text]) });
    }
    done.push(written);
  }
  return steps;
}

/** Numbers of the texts that are values, or enough of one to tell it. */
export function valuesOf({ texts }: Screen): readonly number[] {
  return texts.flatMap(({ ink: of, text }, nth) => {
    return of === ink.value && text.length > 2 * lettersPerFrame ? [nth] : [];
  });
}

function screenOf(written: readonly ScreenText[]): Screen {
  const boxes = labels.map((_, at) => {
    return { x: 140, y: 188 + at * 90, width: 560, height: 36, fill: '#ffffff', edge: '#8a8a8a' };
  });
  const still: ScreenText[] = [
    { x: 140, y: 130, text: 'Order form', size: 24 },
    { x: 880, y: 130, text: 'Notes for the workshop', size: 20 },
    ...labels.map((text, at) => ({ x: 140, y: 180 + at * 90, text, size: 14 })),
    ...Array.from({ length: 14 }, (_, at) => ({
      ...{ x: 900, y: 520 + at * 26, size: 13, ink: '#444444' },
      text: `${at + 1}. ${plain[at % plain.length] ?? ''}`,
    })),
  ];
  const editor = { x: 860, y: 160, width: 920, height: 800, fill: '#fbfbfb', edge: '#c0c0c0' };
  const bar = { x: 0, y: 0, width: 1920, height: 80, fill: '#000000' };
  return {
    ...{ width: 1920, height: 1080, paper: '#f2f2f2' },
    patches: [bar, editor, ...boxes],
    texts: [...still, ...written],
  };
}
