// The first task: a form with every kind of field. What it saves is the same in every run.

import { HandrailError } from '@handrail/core/errors';
import { savedBytes } from '../desk/desk.ts';
import type { Rectangle } from '../desk/page-state.ts';
import { popups } from '../desk/windows.ts';
import { untilTrue } from '../stage/run-program.ts';
import type { At } from './person.ts';

export const expenseTask = 'File the expense report for the train to the harbour';
const options = 5;
const travel = 1;
const shareWanted = 0.7;
const scrollsMax = 30;
const edgePixels = 8;
/** What a scratch area shows without scrolling. */
const scratchLines = 5;
const scratchLetters = 40;

export async function fileExpenses(at: At, passwords: readonly string[]): Promise<Buffer> {
  const { desk, hands } = at;
  await write(at, 'title', 'Train to the harbour');
  await write(at, 'amount', '48.20');
  await enterPasswords(at, passwords);
  await chooseCategory(at);
  await chooseProject(at, 2);
  await click(at, 'private');
  await dragShare(at);
  await jotDown(at, 'scratch', ['two maps, one torch']);
  await chooseSupplier(at, 16);
  await write(at, 'notes', 'Second class, both ways.\nThe ferry was full.');
  await hands.look();
  await click(at, 'save');
  await desk.form.until('that it saved', ({ values }) => values.saved === 'Saved.');
  return requireSaved(desk.formFile);
}

export async function requireSaved(file: string): Promise<Buffer> {
  const bytes = await savedBytes(file);
  if (bytes === undefined) throw new HandrailError('internal', 'The application saved nothing.');
  return bytes;
}

/** Clicks into a field, types, and waits until it is there. */
export async function write(at: At, field: string, text: string): Promise<void> {
  const { desk, hands } = at;
  await click(at, field);
  await desk.form.until(`the focus in ${field}`, ({ focus }) => focus === field);
  await hands.type(text);
  await desk.form.until(`what was typed in ${field}`, ({ values }) => values[field] === text);
}

export async function click(at: At, id: string): Promise<void> {
  at.surroundings.next();
  await at.hands.click(await at.desk.form.centreOf(id));
}

/** The values go in one after the other; the page only says how many letters it holds. */
async function enterPasswords({ desk, hands, ...at }: At, values: readonly string[]) {
  await click({ desk, hands, ...at }, 'password');
  await desk.form.until('the focus in password', ({ focus }) => focus === 'password');
  for (const value of values) {
    await hands.press('ctrl+a');
    await hands.type(value);
    const length = String(value.length);
    await desk.form.until('the password', (state) => state.values.password === length);
  }
}

async function chooseCategory(at: At): Promise<void> {
  const { desk, hands } = at;
  const before = await popups(desk.display);
  await click(at, 'category');
  let list: Rectangle | undefined;
  await untilTrue('the open list', async () => {
    const known = new Set(before.map((box) => JSON.stringify(box)));
    list = (await popups(desk.display)).find((box) => !known.has(JSON.stringify(box)));
    return list !== undefined;
  });
  if (list === undefined) return;
  const { x, y, width, height } = list;
  const row = y + (height / options) * (travel + 0.5);
  await hands.click({ x: Math.round(x + width / 3), y: Math.round(row) });
  await desk.form.until('the category', ({ values }) => values.category === 'Travel');
}

export async function chooseProject(at: At, row: number): Promise<void> {
  await click(at, 'project');
  await at.desk.form.until('the open list of projects', ({ expanded }) => expanded);
  await click(at, `projects-${row}`);
  await at.desk.form.until('the closed list', ({ expanded }) => !expanded);
}

async function dragShare({ desk, hands, surroundings }: At): Promise<void> {
  surroundings.next();
  const { x, y, width, height } = await desk.form.boxOf('share');
  const middle = Math.round(y + height / 2);
  const end = Math.round(x + width * shareWanted);
  await hands.drag({ x: Math.round(x + 9), y: middle }, { x: end, y: middle });
  await desk.form.until('the share', ({ values }) => Number(values.share) > 4);
}

/** A scratch area is masked once it held a secret: what is only counted goes into the other one. */
export type Scratch = 'scratch' | 'scratch-2';

/** Lines that somebody keeps in a scratch area for a moment, and clears again. */
export async function jotDown(at: At, field: Scratch, lines: readonly string[]): Promise<void> {
  for (const text of textsOf(lines)) {
    await write(at, field, text);
    await clear(at, field);
  }
}

/** The same with what was copied elsewhere. */
export async function paste(at: At, field: Scratch, lines: readonly string[]): Promise<void> {
  const { desk, hands } = at;
  for (const clipboard of textsOf(lines)) {
    desk.form.tell({ clipboard });
    await click(at, field);
    await desk.form.until('the focus in scratch', ({ focus }) => focus === field);
    await hands.press('ctrl+c', 'ctrl+v');
    await desk.form.until('what was pasted', ({ values }) => values[field] === clipboard);
    await clear(at, field);
  }
}

/** As many together as the scratch area shows at once. */
function textsOf(values: readonly string[]): readonly string[] {
  const texts: string[] = [];
  let free = 0;
  for (const value of values) {
    const lines = linesOf(value);
    const last = texts.at(-1);
    if (last === undefined || lines > free) {
      texts.push(value);
      free = scratchLines - lines;
    } else {
      texts[texts.length - 1] = `${last}\n${value}`;
      free -= lines;
    }
  }
  return texts;
}

function linesOf(value: string): number {
  const lines = value.split('\n').map((line) => Math.ceil(line.length / scratchLetters));
  return lines.reduce((sum, count) => sum + count, 0);
}

async function clear(at: At, field: Scratch): Promise<void> {
  await at.hands.look();
  await click(at, field);
  await at.hands.press('ctrl+a', 'Delete');
  await at.desk.form.until('an empty scratch area', ({ values }) => values[field] === '');
}

/** Scrolls until a supplier can be clicked; one wheel step moves less than the list is high. */
export async function chooseSupplier(at: At, row: number): Promise<void> {
  const { desk, hands, surroundings } = at;
  const list = await desk.form.boxOf('suppliers');
  const middle = { x: Math.round(list.x + 120), y: Math.round(list.y + list.height / 2) };
  for (let tries = 0; tries < scrollsMax; tries += 1) {
    const { y } = await desk.form.centreOf(`suppliers-${row}`);
    if (y >= list.y + edgePixels && y <= list.y + list.height - edgePixels) break;
    surroundings.next();
    const { scrolled } = await desk.form.until('itself', () => true);
    await hands.scroll(middle, y < list.y + edgePixels ? -1 : 1);
    await desk.form.until('the list scrolled', (state) => state.scrolled !== scrolled);
    await hands.look();
  }
  await click(at, `suppliers-${row}`);
  await desk.form.until('the supplier', ({ values }) => values.supplier === `Supplier ${row + 1}`);
}
