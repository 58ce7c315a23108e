// What `status` tells, gathered from the agent, the spool and, where it can be reached, the server.
import { fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { call, deviceRoutes, incidentRoutes } from '@handrail/core/wire';
import { z } from 'zod';
import type { Budget } from './budget/budget.ts';
import type { BudgetStatus, Status } from './control/protocol.ts';
import { whyNotLeft } from './enrol/withdraw.ts';
import { clientOf } from './home/client.ts';
import { readFileIfAny, writeFileDurably } from './home/files.ts';
import { deviceSigner, type Home } from './home/home.ts';
import type { Outbox } from './outbox.ts';
import type { Standing } from './standing.ts';

const droppedSchema = z.record(z.string(), z.int());
const countSecondsMax = 5;
const noCounts = { accepted: 0, refined: 0, quarantined: 0, rejected: 0 };

export class StatusBook {
  readonly #home: Home;
  readonly #outbox: Outbox;
  pendingManifest: string | null = null;
  #trouble: string | undefined;

  constructor(home: Home, outbox: Outbox) {
    this.#home = home;
    this.#outbox = outbox;
  }

  /** Remembers the last trouble by its code, for `reason`. */
  note(cause: unknown): void {
    this.#trouble = cause instanceof HandrailError ? cause.message : 'an unexpected failure';
  }

  async status(
    standing: Standing,
    pausedUntilMs: number | null | undefined,
    dropped: Readonly<Record<string, number>>,
    budget?: Budget,
  ): Promise<Status> {
    const [counts, holds, notices] = await Promise.all([
      segmentCounts(this.#home),
      holdsOver(this.#home),
      noticesFor(this.#home),
    ]);
    const isQuiet = standing.state === 'recording' || this.#trouble === undefined;
    return {
      state: standing.state,
      reason: isQuiet ? standing.reason : `${standing.reason} (${this.#trouble})`,
      pausedUntil: pausedUntilText(pausedUntilMs),
      pendingManifest: this.pendingManifest,
      notLeft: whyNotLeft(await this.#home.device()) ?? null,
      spool: this.#outbox.spool.size(),
      segments: { ...counts, rejected: counts.rejected + this.#outbox.refused },
      dropped: sums(await readDropped(this.#home), dropped),
      budget: budget ? budgetStatus(budget) : null,
      holds,
      notices,
    };
  }

  /** Adds this run's drops to the home's, so that `status` tells them after the agent has ended. */
  async saveDropped(dropped: Readonly<Record<string, number>>): Promise<void> {
    const all = sums(await readDropped(this.#home), dropped);
    await writeFileDurably(this.#home.path('dropped.json'), JSON.stringify(all));
  }
}

function budgetStatus({ standing, use, budgets, uploadsWait }: Budget): BudgetStatus {
  const { power, link, bytesToday, cpuPercent } = use;
  return {
    step: standing.step,
    because: standing.because ?? null,
    bytesToday,
    cpuPercent: Math.round(cpuPercent),
    battery: power.kind === 'battery' ? power.percent : null,
    link,
    uploadsWait: uploadsWait ?? null,
    allowed: budgets,
  };
}

/** Counts from the server; zeros when it cannot be reached. */
export async function segmentCounts(home: Home): Promise<Status['segments']> {
  const device = await home.deviceIfAny();
  if (!device) return noCounts;
  const client = clientOf(device.url, await deviceSigner(device), countSecondsMax);
  const counts = await call(client, deviceRoutes.segmentCounts, {}).catch(() => undefined);
  if (!counts) return noCounts;
  const { accepted, refined, quarantined, rejected } = counts;
  return { accepted, refined, quarantined, rejected };
}

/** None when the server cannot be reached. */
async function holdsOver(home: Home): Promise<Status['holds']> {
  const device = await home.deviceIfAny();
  if (!device) return [];
  const client = clientOf(device.url, await deviceSigner(device), countSecondsMax);
  const told = await call(client, deviceRoutes.erasure, {}).catch(() => undefined);
  return (told?.holds ?? []).map(({ payload }) => ({ since: payload.at, reason: payload.reason }));
}

/** None when the server cannot be reached. */
async function noticesFor(home: Home): Promise<Status['notices']> {
  const device = await home.deviceIfAny();
  if (!device) return [];
  const client = clientOf(device.url, await deviceSigner(device), countSecondsMax);
  const told = await call(client, incidentRoutes.notices, {}).catch(() => undefined);
  return told?.notices ?? [];
}

async function readDropped(home: Home): Promise<Readonly<Record<string, number>>> {
  const bytes = await readFileIfAny(home.path('dropped.json'));
  return bytes ? (droppedSchema.safeParse(JSON.parse(fromUtf8(bytes))).data ?? {}) : {};
}

export function sums(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(keys.map((key) => [key, (a[key] ?? 0) + (b[key] ?? 0)]));
}

function pausedUntilText(pausedUntilMs: number | null | undefined): string | null {
  if (pausedUntilMs === undefined) return null;
  return pausedUntilMs === null ? 'forever' : new Date(pausedUntilMs).toISOString();
}
