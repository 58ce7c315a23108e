import { expect, test } from 'vitest';
import { BodyBudget } from './body-budget.ts';

test('bodies over the budget wait their turn, and what is given back can be taken again', () => {
  const budget = new BodyBudget(100);
  const first = budget.take('60', 80);
  expect(() => budget.take('60', 80)).toThrow('Too much comes in');
  expect(() => budget.take(undefined, 80)).toThrow('Too much comes in');
  const second = budget.take('40', 80);
  first();
  first();
  expect(budget.bytes).toBe(40);
  second();
  budget.take(undefined, 80);
  expect(budget.bytes).toBe(80);
});

test('a body over its own limit takes nothing: it is refused unread', () => {
  const budget = new BodyBudget(100);
  budget.take('1000', 80);
  expect(budget.bytes).toBe(0);
});
