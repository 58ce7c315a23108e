import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultBudgets } from '@handrail/core/budget';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Home } from '../home/home.ts';
import { Spool } from '../spool/spool.ts';
import { Budget } from './budget.ts';
import { CpuShare } from './cpu-share.ts';
import { DayBytes } from './day-bytes.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2026, 10, 24, 12);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'budget-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function opened(): Promise<Budget> {
  const spool = await Spool.open(join(folder, 'spool'));
  const onChange = () => undefined;
  return Budget.open({ home: new Home(folder), spool, systemBus: undefined, onChange });
}

test('a choice that cannot be read stops capture until it is made again', async () => {
  await using budget = await opened();
  expect(budget.standing).toEqual({ step: 'all', because: undefined });
  await writeFile(join(folder, 'budgets.json'), '{"bytesPerDayMax":');
  await budget.look();
  expect(budget.standing).toEqual({ step: 'stopped', because: 'unreadable' });
  await using again = await opened();
  expect(again.standing).toEqual({ step: 'stopped', because: 'unreadable' });
  await new Home(folder).saveBudgets(defaultBudgets);
  await using after = await opened();
  expect(after.standing.step).toBe('all');
});

test('the bytes of a day are counted over restarts, and a new day begins with none', async () => {
  const path = join(folder, 'day.json');
  const first = await DayBytes.open(path, 0, nowMs);
  expect(await first.count(700, nowMs)).toBe(700);
  expect(await first.count(700, nowMs)).toBe(700);
  const second = await DayBytes.open(path, 0, nowMs);
  expect(await second.count(50, nowMs)).toBe(750);
  expect(await second.count(60, nowMs - dayMs), 'a clock set back').toBe(760);
  expect(await second.count(61, nowMs + dayMs)).toBe(1);
});

test('the processor is judged by about a minute, not by one burst', () => {
  const cpu = new CpuShare(0, 0);
  expect(cpu.look(1_000, 1_000), 'too short a time').toBe(0);
  expect(cpu.look(6_000, 6_000)).toBeCloseTo(10);
  let usedMs = 6_000;
  for (let atMs = 12_000; atMs <= 600_000; atMs += 6_000) {
    usedMs += 6_000;
    cpu.look(atMs, usedMs);
  }
  expect(cpu.look(605_000, usedMs + 5_000)).toBeGreaterThan(99);
  expect(cpu.look(665_000, usedMs + 5_000), 'a minute of rest').toBe(0);
});
