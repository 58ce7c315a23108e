// What may come from a broken or lying device: each ends in refusal, rejection or quarantine, or
// goes on masked; none goes on as it was.
import { decodeTrajectory } from '@handrail/core/dataset';
import type { CapturedEvent } from '@handrail/core/events';
import { openBulk, unwrapContentKey } from '@handrail/core/open';
import { type Frame, unpad } from '@handrail/core/segment';
import { beforeAll, expect, test } from 'vitest';
import { refine } from './refine.ts';
import {
  click,
  display,
  frame,
  inForm,
  type Member,
  newMember,
  picture,
  refineTask,
  sealedSegment,
  typed,
} from './sample-session.ts';

let member: Member;
beforeAll(async () => {
  member = await newMember('someone');
});

const start: readonly CapturedEvent[] = [display, inForm, ...click(500, 40, 50)];

async function refined(events: readonly CapturedEvent[], frames: readonly Frame[] = []) {
  const input = await sealedSegment(member, 0, { events: [...start, ...events], frames });
  const { segments, trajectories } = await refine(refineTask(member, [input]));
  const texts: string[] = [];
  for (const { headerBytes, body } of trajectories) {
    const { privateKey } = member.trajectory;
    const key = await unwrapContentKey(privateKey, 'trajectory', headerBytes, body);
    const { actions } = decodeTrajectory(unpad(await openBulk(key, headerBytes, body)));
    texts.push(...actions.flatMap(({ text }) => text ?? []));
  }
  return { ...segments[0], texts };
}

test.each([
  ['unpaired surrogates', '\udc00 ', ' \ud800'],
  ['zeros and control characters', '\u0000\u0001\u001b[2J ', ' \u0000\uffff'],
  ['bytes that are no text', '\ufffd\ufffdPK\u0003\u0004 ', ' \u007f\u0080\ufffe'],
  ['one token of 19,000 letters', `${'x'.repeat(19_000)} `, ' y'],
])('a value between %s is masked', async (_, before, after) => {
  const { state, texts } = await refined([typed(900, `${before}4111 1111 1111 1111${after}`)]);
  expect(state).toBe('refined');
  expect(texts.join()).toContain('[card]');
  expect(texts.join()).not.toContain('1111');
});

test('a text of 10 MB is no typed run: its segment is rejected', async () => {
  const outcome = await refined([typed(900, 'x'.repeat(10 * 1024 * 1024))]);
  expect(outcome).toMatchObject({ state: 'rejected', reason: 'input.invalid', texts: [] });
});

const whole = { x: 0, y: 0, width: 320, height: 200 } as const;

test.each([
  ['beside the frame', { ...whole, x: 320 }, 'content.inconsistent'],
  ['above the frame', { ...whole, y: -200 }, 'content.inconsistent'],
  ['of no width', { ...whole, width: 0 }, 'content.inconsistent'],
  ['of no height', { ...whole, height: 0 }, 'content.inconsistent'],
  ['of negative size', { ...whole, width: -5 }, 'input.invalid'],
  ['between pixels', { ...whole, x: 0.5 }, 'input.invalid'],
])('a segment that says to have filled a box %s is rejected', async (_, box, reason) => {
  const frames = [frame(100, picture(0), { filled: [{ box, reason: 'email' }] })];
  expect(await refined([], frames)).toMatchObject({ state: 'rejected', reason, texts: [] });
});
