// Makes bursts of input through XTEST in a process of its own: `burst-process.ts DISPLAY EVENTS`
// makes that many at once for every line of its input, and says `done` when the server has them.
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { connectX, type XConnection } from '@handrail/agent/sources/x11/connection';

const [display = '', wanted = '0', mix = 'mixed'] = process.argv.slice(2);
const eventsPerBurst = Number(wanted);
const [keyPress, keyRelease, buttonPress, buttonRelease, motionNotify] = [2, 3, 4, 5, 6];
/** Letters of the second row and a Shift, so that no key follows itself within a millisecond. */
const keycodes = [38, 39, 40, 41, 42, 50] as const;
const buttons = [1, 2, 3, 4, 5] as const;
const eventsPerTurn = 20;
/** A person's devices make 125 to 1,000 a second. */
const eventsPerSecond = 7_000;
const columns = 1_000;
const rows = 700;

interface XtestExtension {
  FakeInput(type: number, code: number, time: number, wid: number, x: number, y: number): void;
}

async function burst(connection: XConnection, xtest: XtestExtension, from: number): Promise<void> {
  const startedMs = performance.now();
  for (let at = 0; at < eventsPerBurst; at += 1) {
    fake(xtest, from + at);
    if (at % eventsPerTurn !== eventsPerTurn - 1) continue;
    await connection.ask((x, done) => x.sync(done));
    const dueMs = startedMs + (at * 1000) / eventsPerSecond;
    while (performance.now() < dueMs) await setImmediate();
  }
  await connection.ask((x, done) => x.sync(done));
}

/** In blocks of ten: six moves, a key and a button, each pressed and released. */
function fake(xtest: XtestExtension, at: number): void {
  const block = Math.floor(at / 10);
  const step = at % 10;
  const keycode = keycodes[block % keycodes.length] ?? keycodes[0];
  const button = buttons[block % buttons.length] ?? buttons[0];
  const isMove = mix === 'moves' || step < 6;
  if (isMove) xtest.FakeInput(motionNotify ?? 0, 0, 0, 0, (at * 7) % columns, (at * 3) % rows);
  else if (step === 6) xtest.FakeInput(keyPress ?? 0, keycode, 0, 0, 0, 0);
  else if (step === 7) xtest.FakeInput(keyRelease ?? 0, keycode, 0, 0, 0, 0);
  else if (step === 8) xtest.FakeInput(buttonPress ?? 0, button, 0, 0, 0, 0);
  else xtest.FakeInput(buttonRelease ?? 0, button, 0, 0, 0, 0);
}

await using connection = await connectX(display);
const xtest = await connection.extension<XtestExtension>('xtest');
let made = 0;
process.stdout.write('ready\n');
for await (const _ of createInterface({ input: process.stdin })) {
  await burst(connection, xtest, made);
  made += eventsPerBurst;
  process.stdout.write('done\n');
}
