// Where on the screen lies what no recording may show: known from the windows themselves, not from
// what the agent believes.
import type { Mode } from '../canary/mode.ts';
import type { HiddenArea } from '../canary/read-back/scan-pictures.ts';
import type { Desk } from './desk.ts';
import type { Rectangle } from './page-state.ts';

/** Half-covered pixels at the edges belong to nobody. */
const edgePixels = 2;

/** Texts of the page by element: secrets only, and what is masked only where all text is. */
const secretTexts = ['visible-1', 'value-1', 'attribute-1'];
const otherTexts = ['visible-2', 'value-2', 'attribute-2', 'image-1', 'image-2'];

export async function hiddenAreas(desk: Desk, mode: Mode): Promise<readonly HiddenArea[]> {
  const { form, places } = desk;
  const page = await form.until('the pointer', ({ origin }) => origin !== null);
  const top = Math.floor(page.origin?.y ?? 0) - places.form.y;
  const { form: window, side, note } = places;
  const elements = [...secretTexts, ...(mode === 'skeleton' ? otherTexts : [])];
  return [
    within('tabs and address', { ...window, height: top }),
    within('the second window', side),
    within('the title of the editor', { ...note, y: note.y - 19, height: 18 }),
    within('the password field', await form.boxOf('password')),
    ...(await Promise.all(elements.map(async (id) => within(id, await form.boxOf(id))))),
  ];
}

function within(name: string, { x, y, width, height }: Rectangle): HiddenArea {
  return {
    name,
    x: Math.ceil(x) + edgePixels,
    y: Math.ceil(y) + edgePixels,
    width: Math.floor(width) - 2 * edgePixels,
    height: Math.floor(height) - 2 * edgePixels,
  };
}
