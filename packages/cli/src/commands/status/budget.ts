// `budget`: what the agent may take of this computer, as its owner says. It holds at once, also for
// an agent that runs.
import { notify } from '@handrail/agent/control';
import { Home } from '@handrail/agent/home/home';
import { type Budgets, budgetsSchema, defaultBudgets } from '@handrail/core/budget';
import { HandrailError } from '@handrail/core/errors';
import type { Session } from '../../session.ts';
import type { BudgetOptions } from './command.ts';

const mebibyte = 1024 * 1024;

export async function run({ home, out }: Session, options: BudgetOptions): Promise<undefined> {
  const joined = new Home(home);
  await joined.device();
  // What cannot be read is set anew, from what holds unless somebody chose otherwise.
  const before = await joined.budgets().catch(() => defaultBudgets);
  const budgets = changed(before, options);
  await joined.saveBudgets(budgets);
  await notify(joined);
  const { bytesPerDayMax, cpuPercentMax, batteryPercentMin } = budgets;
  out.print(budgets, [
    `At most ${(bytesPerDayMax / mebibyte).toFixed(0)} MiB a day and ${cpuPercentMax} % of a core;`,
    `on battery nothing from ${batteryPercentMin} % down. From 70 % of a day's bytes there are`,
    'fewer pictures, from 85 % none, and then nothing is recorded.',
    `Handed in over metered lines: ${yesNo(budgets.uploadsOnMetered)}; on battery: ` +
      `${yesNo(budgets.uploadsOnBattery)}.`,
  ]);
}

function changed(budgets: Budgets, options: BudgetOptions): Budgets {
  const { bytesPerDay, cpu, battery, uploadOnMetered, uploadOnBattery } = options;
  const wished = {
    ...budgets,
    ...(bytesPerDay === undefined ? {} : { bytesPerDayMax: bytesOf(bytesPerDay) }),
    ...(cpu === undefined ? {} : { cpuPercentMax: Number(cpu) }),
    ...(battery === undefined ? {} : { batteryPercentMin: Number(battery) }),
    ...(uploadOnMetered === undefined ? {} : { uploadsOnMetered: saysYes(uploadOnMetered) }),
    ...(uploadOnBattery === undefined ? {} : { uploadsOnBattery: saysYes(uploadOnBattery) }),
  };
  const checked = budgetsSchema.safeParse(wished);
  if (checked.success) return checked.data;
  throw new HandrailError(
    'usage.invalid',
    'Say up to 100000 MiB a day, 1 to 400 % of a core, and 0 to 100 % of charge.',
  );
}

function bytesOf(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([kMG])$/.exec(text) ?? [];
  const scale = { k: 1024, M: mebibyte, G: 1024 * mebibyte }[unit];
  if (scale === undefined) {
    throw new HandrailError('usage.invalid', 'Say the bytes of a day as 500k, 200M or 1G.');
  }
  return Number(count) * scale;
}

function saysYes(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new HandrailError('usage.invalid', 'Say yes or no.');
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
