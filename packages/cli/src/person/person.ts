// The scripted person: does the tasks as people do, by mouse, keyboard and shortcuts, and waits for
// what the screen shows instead of for time.
import { readFile } from 'node:fs/promises';
import type { Inlet } from '../canary/inlets.ts';
import type { Planted } from '../canary/plant.ts';
import type { Desk } from '../desk/desk.ts';
import { untilTrue } from '../stage/run-program.ts';
import {
  chooseProject,
  chooseSupplier,
  click,
  expenseTask,
  fileExpenses,
  jotDown,
  paste,
  requireSaved,
  type Scratch,
} from './expense-form.ts';
import { Hands } from './hands.ts';
import { Surroundings } from './surroundings.ts';

/** Where the person stands: the desk, the hands, and what changes around them. */
export interface At {
  readonly desk: Desk;
  readonly hands: Hands;
  readonly surroundings: Surroundings;
}

export interface Task {
  readonly name: string;
  readonly instruction: string;
  /** Does it; gives the bytes that the application saved. */
  readonly work: () => Promise<Buffer>;
}

export interface Person {
  readonly tasks: readonly Task[];
  /** Types into the window that is not in the manifest. */
  readonly elsewhere: () => Promise<void>;
}

const noteText = 'Visit to the harbour\n\nThe survey starts at the north pier.\nBring two maps.';
const scratchAreas: readonly (readonly [gated: boolean, Scratch])[] = [
  [true, 'scratch'],
  [false, 'scratch-2'],
];
const betterLine = 'Bring three maps and a torch.';

export async function newPerson(desk: Desk, planted: readonly Planted[]): Promise<Person> {
  const of = (inlet: Inlet) => planted.filter((each) => each.inlet === inlet);
  const hands = new Hands(desk.display);
  const typed = of('typed');
  const surroundings = new Surroundings(desk, planted);
  const at = { desk, hands, surroundings };
  await hands.moveTo({ x: 300, y: 400 });
  await desk.form.until('the pointer', ({ origin }) => origin !== null);
  return {
    tasks: [
      {
        name: 'form',
        instruction: expenseTask,
        work: () => fileExpenses(at, texts(of('password'))),
      },
      {
        name: 'note',
        instruction: 'Write a note about the visit to the harbour',
        work: () => writeNote(at, texts(typed.filter((_, number) => number % 2 === 0))),
      },
      {
        name: 'correction',
        instruction: 'Correct the expense report',
        work: () =>
          correct(
            at,
            typed.filter((_, number) => number % 2 === 1),
            of('pasted'),
          ),
      },
    ],
    elsewhere: () => typeElsewhere(at, texts(of('blocked-window'))),
  };
}

function texts(planted: readonly Planted[]): readonly string[] {
  return planted.map(({ value }) => value);
}

async function writeNote(at: At, secrets: readonly string[]): Promise<Buffer> {
  const { desk, hands, surroundings } = at;
  const { x, y, width, height } = desk.places.note;
  surroundings.next();
  await hands.click({ x: Math.round(x + width / 2), y: Math.round(y + height / 2) });
  for (const value of secrets) await hands.type(`${value}\n`);
  await hands.look();
  surroundings.next();
  await hands.press('ctrl+a', 'Delete');
  await hands.type(noteText);
  await hands.press('shift+Home');
  await hands.look();
  await hands.type(betterLine);
  await hands.look();
  surroundings.next();
  await hands.press('ctrl+s');
  const saved = async () => (await readFile(desk.noteFile, 'utf8')).includes(betterLine);
  await untilTrue('the saved note', saved);
  return requireSaved(desk.noteFile);
}

async function correct(
  at: At,
  typed: readonly Planted[],
  pasted: readonly Planted[],
): Promise<Buffer> {
  const { desk, hands } = at;
  for (const [gated, field] of scratchAreas) {
    const some = (planted: readonly Planted[]) => planted.filter((each) => each.gated === gated);
    await jotDown(at, field, texts(some(typed)));
    await paste(at, field, texts(some(pasted)));
  }
  await chooseProject(at, 1);
  await chooseSupplier(at, 3);
  await click(at, 'title');
  await hands.press('ctrl+a');
  await hands.type('Train and ferry to the harbour');
  await desk.form.until('the title', ({ values }) => (values.title ?? '').includes('ferry'));
  while (!at.surroundings.allShown) await jotDown(at, 'scratch', ['north pier, two maps']);
  await rewriteAmount(at);
  await click(at, 'save');
  const saved = async () => (await readFile(desk.formFile, 'utf8')).includes('ferry to');
  await untilTrue('the saved form', saved);
  return requireSaved(desk.formFile);
}

async function rewriteAmount({ desk, hands, surroundings }: At): Promise<void> {
  surroundings.next();
  await hands.click(await desk.form.centreOf('amount'), 3);
  await hands.type('52.00');
  await desk.form.until('the amount', ({ values }) => values.amount === '52.00');
  await hands.look();
}

async function typeElsewhere({ desk, hands }: At, values: readonly string[]): Promise<void> {
  const { x, y, width } = desk.places.side;
  await hands.moveTo({ x: Math.round(x + width / 2), y: y + 300 });
  await hands.click(await desk.side.centreOf('entry'));
  await desk.side.until('the focus in entry', ({ focus }) => focus === 'entry');
  for (const value of values) {
    await hands.press('ctrl+a');
    await hands.type(value);
    await desk.side.until('what was typed', (state) => state.values.entry === value);
  }
  await hands.look();
}
