import { utf8 } from '@handrail/core/bytes';
import { expect, test } from 'vitest';
import { type Answer, judge, type Standing } from './judge.ts';
import type { Way } from './way.ts';

const way: Way = {
  path: 'GET /v1/results/{id}',
  method: 'GET',
  theirs: ['/v1/results/a'],
  nothing: '/v1/results/b',
  body: new Uint8Array(),
  headers: {},
  caller: 'person',
  kind: 'result',
};
const list: Way = { ...way, path: 'GET /v1/grants', theirs: [], kind: undefined };
const person: Standing = { name: 'one', callers: ['person'], knows: [], told: [] };
const stranger: Standing = { ...person, callers: [] };
const targets = { grant: ['grant_1'], release: ['rel_1'], trajectory: ['traj_1'] };

const answer = (status: number, text = ''): Answer => ({ status, body: utf8(text) });
const no = answer(404, 'no such thing');
const on = (one: Way, who: Standing, theirs: readonly Answer[], nothing = no) =>
  judge(one, who, { theirs, nothing }, targets);

test('the same no for what is of others and for what does not exist is shut', () => {
  expect(on(way, person, [no, no])).toBeUndefined();
  expect(on(way, stranger, [answer(401)], answer(401))).toBeUndefined();
});

test('an answer is a read, and another no tells them apart', () => {
  expect(on(way, person, [answer(200, 'sealed')])).toBe('read');
  expect(on(list, stranger, [], answer(200, '{}'))).toBe('read');
  expect(on(way, person, [answer(403, 'no such thing')])).toBe('told-apart');
  expect(on(way, person, [answer(404, 'not yours')])).toBe('told-apart');
});

test('what may be known may be told apart, and nothing else with it', () => {
  const knowing = { ...person, knows: ['result'] };
  expect(on(way, knowing, [answer(200)])).toBeUndefined();
  expect(on({ ...way, kind: 'grant' }, knowing, [answer(200)])).toBe('read');
});

test('a list that names what is of others tells; what is public does not', () => {
  expect(on(list, person, [], answer(200, '["grant_1"]'))).toBe('told');
  expect(on(list, person, [], answer(200, '["traj_1"]'))).toBe('told');
  expect(on(list, person, [], answer(200, '["rel_1"]'))).toBeUndefined();
  expect(on(list, person, [], answer(200, '[]'))).toBeUndefined();
});

test('an error that shows the inside of a machine tells', () => {
  expect(on(list, person, [], answer(500, 'at app.ts:3'))).toBe('told');
  expect(on(list, person, [], answer(500, 'The server failed.'))).toBeUndefined();
});
