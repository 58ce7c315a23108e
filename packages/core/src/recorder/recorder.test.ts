import { expect, test } from 'vitest';
import { Sensitive } from '../sensitive/index.ts';
import { Scripted, screen } from './scripted.ts';

const begin = 'display window:0 focus';

test('typing is told with the layout, the context and the field before it', () => {
  expect(new Scripted().type('hello<enter>').kept()).toBe(`${begin} "hello" +enter -enter`);
});

test('another application that is allowed is another context, and none is none', () => {
  const script = new Scripted().type('a').wait(300).window('other').focus('b').type('b');
  script.wait(300).window('bank').focus('c').type('pin').wait(300).window('editor').focus('a');
  const kept = script.type('d').kept();
  expect(kept).toBe(
    `${begin} "a" window:1 focus "b" window:null gap:not-allowed window:0 focus "d"`,
  );
});

test('a key waits until the focus is surely known', () => {
  const script = new Scripted().type('a').wait(300).type('<tab>');
  script.type('s');
  script.nowMs += 100;
  script.focus('p', 'password').type('ecret').wait(400).focus('a').type('b');
  expect(script.kept()).toBe(`${begin} "a" +tab -tab gap:secure-field focus "b"`);
});

test('a secure field that is told late takes with it what was typed since the focus moved', () => {
  const script = new Scripted().type('name<tab>').wait(400).type('hunter2').wait(400);
  script.focus('p', 'password').type('x').wait(400).focus('a').type('b');
  expect(script.kept()).not.toMatch(/hunter|x/);
  expect(script.brief()).toContain('"name"');
});

test('a secure field that takes the focus by itself takes the run that was being typed', () => {
  const script = new Scripted().type('hun').wait(300).focus('p', 'password').type('ter').wait(300);
  expect(script.kept()).not.toMatch(/hun|ter/);
});

test('a password field that shows its text stays a password field', () => {
  const script = new Scripted().focus('p', 'password').wait(300).focus(undefined).wait(300);
  script.focus('p', 'text').type('hunter2');
  expect(script.kept()).not.toContain('hunter2');
  expect(script.recorder.isSecure('p')).toBe(true);
});

test('a password field that a frame shows is one, whatever its focus says', () => {
  const text = new Sensitive('');
  const flags = { roleClass: 'password', bounds: screen, editable: true, focused: false } as const;
  const script = new Scripted().frame([{ nodeId: 'p', role: 'password text', text, ...flags }]);
  expect(script.focus('p', 'text').type('hunter2').kept()).not.toContain('hunter2');
});

test('what was typed in a pause is lost, also when it leaves the hold after it', () => {
  const script = new Scripted().type('a').wait(300);
  script.recorder.stand('paused');
  script.type('private');
  script.recorder.stand(undefined);
  script.key('late', true, script.nowMs - 20).type('b');
  expect(script.kept()).toBe(`${begin} "a" gap:paused ${begin} "b"`);
  expect(script.gate.dropped().paused).toBe(14);
});

test('a gap before a segment spans the time in which nothing was kept', () => {
  const script = new Scripted().type('a').wait(300);
  script.recorder.stand('paused');
  script.wait(5000);
  script.recorder.stand(undefined);
  script.type('b').kept();
  const gap = script.finished[1]?.draft.events[0];
  expect(gap).toMatchObject({ kind: 'gap', atMs: 0, endedAtMs: 5000, reason: 'paused' });
});

test('no frame from before a pause or a forgetting is used after it', async () => {
  const script = new Scripted();
  const oldMs = script.nowMs;
  script.nowMs += 10;
  for (const stop of [() => script.recorder.stand('paused'), () => script.recorder.forget()]) {
    stop();
    script.recorder.stand(undefined);
    script.frame([], oldMs);
    expect(script.recorder.isReady).toBe(false);
    script.type('a').kept();
    expect(await script.finished.at(-1)?.draft.frames()).toEqual([]);
  }
  script.frame().type('b').kept();
  expect(await script.finished.at(-1)?.draft.frames()).toHaveLength(1);
});

test('a key that is held over a pause leaves no release behind', () => {
  const script = new Scripted().key('ctrl', true).wait(300);
  script.recorder.stand('paused');
  script.recorder.stand(undefined);
  script.key('ctrl', false).type('b');
  expect(script.kept()).toBe(`${begin} +ctrl gap:paused ${begin} "b"`);
});

test('forgetting drops the draft and what waits', () => {
  const script = new Scripted().type('forgotten').wait(300).type('too');
  script.recorder.forget();
  expect(script.type('b').kept()).toBe(`gap:forgotten ${begin} "b"`);
});

test('a drag keeps the verdict of its press, also over what is not allowed', () => {
  const script = new Scripted().button(true);
  script.nowMs += 5;
  script.window('bank').move(60).button(false).wait(300).move(61);
  expect(script.kept()).toBe(
    `${begin} button:true window:null window:0 move button:false gap:not-allowed`,
  );
});

test('pointing at a window that came up since the last frame is not the window below', () => {
  const script = new Scripted().window('bank').wait(10).button(true).button(false);
  expect(script.kept()).toBe('');
});

test('coordinates outside of the display are dropped, never clamped', () => {
  expect(new Scripted().move(100).move(-1).kept()).toBe('');
});

test('a signal that the manifest does not name is in no event and no frame', async () => {
  const script = new Scripted(['key']).type('a').button(true).button(false);
  expect(script.kept()).toBe('display window:0 "a" gap:not-allowed');
  expect(await script.finished[0]?.draft.frames()).toEqual([]);
});

test('a task is told once for all segments up to the closing one', () => {
  const script = new Scripted();
  script.recorder.startTask(new Sensitive('one'));
  script.type('a').wait(61_000).type('b').wait(300);
  script.recorder.endTask();
  expect(script.finished.map(({ closes }) => closes)).toEqual([false, true]);
  const told = script.brief().match(/task:\S+/g);
  expect(told).toEqual(['task:start:one', 'task:end:']);
});

test('a task that ends while nothing is being recorded still ends', () => {
  const script = new Scripted();
  script.recorder.startTask(new Sensitive('one'));
  script.type('a').wait(61_000);
  script.recorder.endTask();
  script.recorder.startTask(new Sensitive('two'));
  script.type('b').kept();
  const told = script.brief().match(/task:\S+/g);
  expect(told).toEqual(['task:start:one', 'task:end:', 'task:start:two']);
  expect(script.finished.map(({ closes }) => closes)).toEqual([false, true, true]);
});

test('text that has not waited for its focus is lost when a task is named', () => {
  const script = new Scripted().type('early').wait(300).type('young');
  script.recorder.startTask(new Sensitive('one'));
  script.focus('p', 'password');
  expect(script.kept()).toBe(`${begin} "early" gap:unknown-focus`);
});

test('a segment ends at its limit of events even when many arrive at once', () => {
  const script = new Scripted();
  for (let step = 0; step < 45_000; step++) script.move(step % 100);
  for (let round = 0; round < 5; round++) {
    script.wait(200);
    for (let step = 0; step < 45_000; step++) script.move(step % 100);
  }
  script.kept();
  const counts = script.finished.map(({ draft }) => draft.events.length);
  expect(Math.max(...counts)).toBeLessThanOrEqual(25_100);
  expect(counts.length).toBeGreaterThan(1);
});

test('times never run backwards in a segment', () => {
  const script = new Scripted().type('a').wait(400).key('enter', true, script0()).type('b');
  script.kept();
  const times = script.finished.flatMap(({ draft }) => draft.events.map(({ atMs }) => atMs));
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

function script0(): number {
  return 1005;
}
