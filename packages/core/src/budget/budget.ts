// What capture may cost the person whose work is recorded: time of their processor, charge of their
// battery, bytes. As a budget runs out there are fewer frames, then none, and then it stops.
import { z } from 'zod';

const mebibyte = 1024 * 1024;

/** Its owner's own choice, kept on their device. */
export const budgetsSchema = z.strictObject({
  /** Sealed bytes that are recorded in one UTC day. */
  bytesPerDayMax: z
    .int()
    .min(0)
    .max(100_000 * mebibyte),
  /** Of one core, as a mean over about a minute. */
  cpuPercentMax: z.number().min(1).max(400),
  /** On battery nothing is captured from this charge down. */
  batteryPercentMin: z.number().min(0).max(100),
  /** Whether recordings are handed in over a line that is paid by volume. */
  uploadsOnMetered: z.boolean(),
  uploadsOnBattery: z.boolean(),
});
export type Budgets = z.infer<typeof budgetsSchema>;

export const defaultBudgets: Budgets = {
  bytesPerDayMax: 200 * mebibyte,
  cpuPercentMax: 50,
  batteryPercentMin: 20,
  uploadsOnMetered: false,
  uploadsOnBattery: true,
};

export type Power =
  | { readonly kind: 'mains' | 'unknown' }
  | { readonly kind: 'battery'; readonly percent: number };
export type Link = 'unmetered' | 'metered' | 'unknown';

/** What is being used now. */
export interface Use {
  readonly bytesToday: number;
  readonly cpuPercent: number;
  readonly power: Power;
  readonly link: Link;
}

/** From all that the manifest allows to nothing. */
export const steps = ['all', 'fewer-frames', 'no-frames', 'stopped'] as const;
export type Step = (typeof steps)[number];
export type BudgetName = 'bytes' | 'cpu' | 'battery';

/** `unreadable`: its owner's choice cannot be read, so nothing is allowed. */
export type BudgetCause = BudgetName | 'unreadable';

export interface BudgetStanding {
  readonly step: Step;
  /** What asks for it; undefined where all may be captured. */
  readonly because: BudgetCause | undefined;
}

/** Parts of the day's bytes, and of the processor's share, from which each step holds. */
const bytesFrom = [0.7, 0.85, 1] as const;
const cpuFrom = [1, 1.5, 2] as const;
/** Percent of charge above the least, up to which each step holds. */
const batteryUpTo = [20, 10, 0] as const;

/** The furthest step that any budget asks for. */
export function standingWith(budgets: Budgets, use: Use): BudgetStanding {
  const { power } = use;
  const charge = power.kind === 'battery' ? power.percent - budgets.batteryPercentMin : undefined;
  const bytesShare = use.bytesToday / Math.max(1, budgets.bytesPerDayMax);
  const asked: readonly (readonly [BudgetName, number])[] = [
    ['battery', charge === undefined ? 0 : batteryUpTo.filter((up) => charge <= up).length],
    ['bytes', bytesFrom.filter((from) => bytesShare >= from).length],
    ['cpu', cpuFrom.filter((from) => use.cpuPercent / budgets.cpuPercentMax >= from).length],
  ];
  const most = Math.max(...asked.map(([, step]) => step));
  const because = asked.find(([, step]) => step === most)?.[0];
  return { step: steps[most] ?? 'stopped', because: most === 0 ? undefined : because };
}

/** A step is left for the one before it only after this long, so that nothing swings. */
export const easeMs = 60_000;

/** What holds now, where `held` has held since `sinceMs`: stricter at once, easier step by step. */
export function nextStanding(
  held: BudgetStanding,
  asked: BudgetStanding,
  sinceMs: number,
  nowMs: number,
): BudgetStanding {
  const from = steps.indexOf(held.step);
  if (steps.indexOf(asked.step) >= from) return asked;
  if (nowMs - sinceMs < easeMs) return held;
  const eased = steps[from - 1] ?? 'all';
  return eased === asked.step ? asked : { step: eased, because: held.because };
}

/** Why recordings stay here for now; undefined: they may be handed in. */
export function uploadsWait(
  budgets: Budgets,
  { link, power }: Use,
): 'metered' | 'battery' | undefined {
  if (link === 'metered' && !budgets.uploadsOnMetered) return 'metered';
  if (power.kind === 'battery' && !budgets.uploadsOnBattery) return 'battery';
  return undefined;
}
