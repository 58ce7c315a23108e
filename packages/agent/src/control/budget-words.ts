// How budgets are said to people, on the status page and by the command line.
import type { BudgetCause, Step } from '@handrail/core/budget';

export const stepWords: Readonly<Record<Step, string>> = {
  all: 'All that is agreed is recorded',
  'fewer-frames': 'Fewer pictures are recorded',
  'no-frames': 'No pictures are recorded',
  stopped: 'Nothing is recorded',
};

export const becauseWords: Readonly<Record<BudgetCause, string>> = {
  bytes: 'the bytes of today',
  cpu: 'the processor',
  battery: 'the battery',
  unreadable: 'what cannot be read in budgets.json',
};

export const waitWords = {
  metered: 'the line is paid by volume',
  battery: 'this computer runs on battery',
} as const;
