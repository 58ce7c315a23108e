// What this agent may cost: looks at what it uses, and says how much may still be captured and
// whether recordings may be handed in now.
import {
  type BudgetStanding,
  type Budgets,
  defaultBudgets,
  nextStanding,
  standingWith,
  type Use,
  uploadsWait,
} from '@handrail/core/budget';
import type { Home } from '../home/home.ts';
import type { Spool } from '../spool/spool.ts';
import { CpuShare } from './cpu-share.ts';
import { DayBytes } from './day-bytes.ts';
import { Machine } from './machine.ts';

export interface BudgetParts {
  readonly home: Home;
  readonly spool: Spool;
  /** Address of the system's message bus. */
  readonly systemBus: string | undefined;
  /** The machine's power or line has changed. */
  readonly onChange: () => void;
}

export class Budget implements AsyncDisposable {
  readonly #parts: BudgetParts;
  readonly #machine: Machine;
  readonly #bytes: DayBytes;
  readonly #cpu: CpuShare;
  #budgets: Budgets = defaultBudgets;
  #use: Use;
  #standing: BudgetStanding = { step: 'all', because: undefined };
  #sinceMs = 0;

  private constructor(parts: BudgetParts, machine: Machine, bytes: DayBytes) {
    this.#parts = parts;
    this.#machine = machine;
    this.#bytes = bytes;
    this.#cpu = new CpuShare(performance.now(), usedMs());
    this.#use = { bytesToday: 0, cpuPercent: 0, ...machine.state };
  }

  static async open(parts: BudgetParts): Promise<Budget> {
    const { home, spool, systemBus, onChange } = parts;
    const machine = await Machine.watch(systemBus, onChange);
    const bytes = await DayBytes.open(home.path('budget-day.json'), spool.addedBytes, Date.now());
    const budget = new Budget(parts, machine, bytes);
    await budget.look();
    return budget;
  }

  get standing(): BudgetStanding {
    return this.#standing;
  }

  get use(): Use {
    return this.#use;
  }

  get budgets(): Budgets {
    return this.#budgets;
  }

  /** Why recordings stay here for now. */
  get uploadsWait(): 'metered' | 'battery' | undefined {
    return uploadsWait(this.#budgets, { ...this.#use, ...this.#machine.state });
  }

  /** Measures again, never throwing. Its owner may have set other budgets meanwhile. */
  async look(): Promise<void> {
    const { home, spool } = this.#parts;
    const budgets = await home.budgets().catch(() => undefined);
    const nowMs = performance.now();
    this.#budgets = budgets ?? this.#budgets;
    this.#use = {
      bytesToday: await this.#bytes.count(spool.addedBytes, Date.now()),
      cpuPercent: this.#cpu.look(nowMs, usedMs()),
      ...this.#machine.state,
    };
    const asked = budgets ? standingWith(budgets, this.#use) : unreadable;
    const next = nextStanding(this.#standing, asked, this.#sinceMs, nowMs);
    if (next.step !== this.#standing.step) this.#sinceMs = nowMs;
    this.#standing = next;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#machine[Symbol.asyncDispose]();
  }
}

const unreadable: BudgetStanding = { step: 'stopped', because: 'unreadable' };

function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
