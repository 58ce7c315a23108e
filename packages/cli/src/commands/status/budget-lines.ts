// Says, in two or three lines, what the agent takes of this computer and what it spares.
import { becauseWords, stepWords, waitWords } from '@handrail/agent/control/budget-words';
import type { BudgetStatus } from '@handrail/agent/control/protocol';

const mebibyte = 1024 * 1024;

/** What the agent takes of this computer today, and what it spares. */
export function budgetLines(budget: BudgetStatus): readonly string[] {
  const { step, because, bytesToday, cpuPercent, battery, uploadsWait, allowed } = budget;
  const used = (bytesToday / mebibyte).toFixed(1);
  const most = (allowed.bytesPerDayMax / mebibyte).toFixed(0);
  return [
    `Takes today: ${used} of ${most} MiB, ${cpuPercent} of ${allowed.cpuPercentMax} % of a core` +
      (battery === null ? '' : `, battery at ${battery} % (stops at ${allowed.batteryPercentMin})`),
    ...(because === null ? [] : [`${stepWords[step]}, to spare ${becauseWords[because]}`]),
    ...(uploadsWait === null ? [] : [`Nothing is handed in for now: ${waitWords[uploadsWait]}`]),
  ];
}
