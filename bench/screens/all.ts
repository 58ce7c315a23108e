// The screens on which reading and masking is hard, by what is hard about them.
import { dialogOverEditor, editor } from './editors.ts';
import { form, turnedLabels } from './forms.ts';
import { page, scrolledList, table } from './lists.ts';
import type { Scene } from './sketch.ts';

export const hardScreens: Readonly<Record<string, () => Scene>> = {
  'form, 16 pixels': () => form({ size: 16 }),
  'form, 13 pixels': () => form({ size: 13 }),
  'form, 11 pixels': () => form({ size: 11, font: 'Nimbus Sans' }),
  'form, 9 pixels': () => form({ size: 9 }),
  'light on dark': () => form({ size: 14, ink: '#e8e8e8', paper: '#202124', box: '#303134' }),
  'light on colour': () => form({ size: 14, ink: '#fff', paper: '#1a73e8', box: '#1967d2' }),
  'grey on white': () => form({ size: 13, ink: '#888' }),
  'twice the scale': () => form({ size: 28, width: 1920, height: 1080 }),
  '4K': () => form({ size: 20, width: 3840, height: 2160 }),
  'editor, dark, 13 pixels': () => editor(13, 'dark'),
  'editor, light, 12 pixels': () => editor(12, 'light'),
  'editor, dark, 11 pixels': () => editor(11, 'dark'),
  table: () => table(13, () => false),
  'table, selected rows': () => table(14, (row) => row % 3 === 1),
  'scrolled list': scrolledList,
  'dialog over a window': dialogOverEditor,
  'turned labels': turnedLabels,
  'printed page': () => page(1),
  'picture of a page': () => page(1.07),
};
