import { expect, test } from 'vitest';
import type { ActiveWindow, FocusedField, RoleClass } from '../observation/index.ts';
import { Sensitive } from '../sensitive/index.ts';
import type { ManifestFile } from '../statement/index.ts';
import { DesktopMap } from './desktop-map.ts';
import { Gate, type KeyScene } from './gate.ts';

const origin = 'http://127.0.0.1:8123';
const manifest: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus', 'frame'],
  contexts: [
    { app: 'chromium', origin, mode: 'full' },
    { app: 'mousepad', mode: 'full' },
    { app: 'mail', account: 'work', mode: 'full' },
  ],
};
const bounds = { x: 0, y: 0, width: 100, height: 100 };

function windowOf(app: string, pid = 1): ActiveWindow {
  return { id: 1, app, title: new Sensitive('a title'), pid, bounds };
}

function focusOf(roleClass: RoleClass, documentOrigin?: string): FocusedField {
  const field = {
    role: 'entry',
    roleClass,
    editable: true,
    bounds,
    fieldId: 'a',
    pid: 1,
    app: 'x',
  };
  return documentOrigin === undefined ? field : { ...field, documentOrigin };
}

function openGate(injectedAllowed = false): Gate {
  const gate = new Gate(manifest, injectedAllowed);
  gate.stand(undefined);
  return gate;
}

function reasonFor(...scenes: readonly KeyScene[]): string {
  const verdict = openGate().key(scenes, false);
  return verdict.kind === 'keep' ? `kept ${verdict.context}` : verdict.reason;
}

const page = { window: windowOf('chromium'), focus: focusOf('text', origin) };
const editor = { window: windowOf('mousepad'), focus: focusOf('text') };

test('keys are kept only in a context of the manifest', () => {
  expect(reasonFor(page)).toBe('kept 0');
  expect(reasonFor(editor)).toBe('kept 1');
  expect(reasonFor({ ...page, window: windowOf('slack') })).toBe('not-allowed');
  expect(reasonFor({ ...page, focus: focusOf('text', 'http://127.0.0.1:9') })).toBe('not-allowed');
});

test('the address bar of an allowed browser is not the page', () => {
  expect(reasonFor({ ...page, focus: focusOf('text') })).toBe('not-allowed');
});

test('a context that asks for an account is met by nobody', () => {
  expect(reasonFor({ window: windowOf('mail'), focus: focusOf('text') })).toBe('not-allowed');
});

test('a password field or a terminal anywhere in the hold drops the key', () => {
  const password = { ...page, focus: focusOf('password', origin) };
  expect(reasonFor(password)).toBe('secure-field');
  expect(reasonFor(page, password)).toBe('secure-field');
  expect(reasonFor(password, page)).toBe('secure-field');
  expect(reasonFor(page, { ...page, focus: focusOf('terminal') })).toBe('terminal');
  expect(reasonFor({ window: windowOf('xterm'), focus: undefined })).toBe('terminal');
});

test('what cannot be told is dropped', () => {
  expect(reasonFor()).toBe('unknown-focus');
  expect(reasonFor({ ...page, focus: undefined })).toBe('unknown-focus');
  expect(reasonFor({ window: undefined, focus: page.focus })).toBe('unknown-focus');
  expect(reasonFor(page, { ...page, focus: undefined })).toBe('unknown-focus');
  expect(reasonFor(page, editor)).toBe('unknown-focus');
  expect(reasonFor({ ...page, window: windowOf('chromium', 2) })).toBe('unknown-focus');
});

test('a moment without focus between two fields of one context loses no key', () => {
  expect(reasonFor(page, { ...page, focus: undefined }, page)).toBe('kept 0');
});

test('injected input counts only on a virtual display', () => {
  expect(openGate().key([page], true)).toMatchObject({ kind: 'drop' });
  expect(openGate(true).key([page], true)).toEqual({ kind: 'keep', context: 0 });
});

test('nothing is kept before a lease, or after a pause, and every drop is counted', () => {
  const gate = new Gate(manifest, false);
  const map = new DesktopMap([{ id: 1, bounds, allowed: { context: 0, area: bounds } }]);
  expect(gate.key([page], false)).toEqual({ kind: 'drop', reason: 'no-lease' });
  gate.stand('paused');
  expect(gate.key([page], false)).toEqual({ kind: 'drop', reason: 'paused' });
  expect(gate.pointer(map, 5, 5, false)).toEqual({ kind: 'drop', reason: 'paused' });
  expect(gate.dropped()).toEqual({ 'no-lease': 1, paused: 2 });
});

test('a signal that the manifest does not list is never kept', () => {
  const gate = new Gate({ ...manifest, signals: ['pointer'] }, false);
  gate.stand(undefined);
  expect(gate.key([page], false)).toEqual({ kind: 'drop', reason: 'not-allowed' });
});

test('where contexts meet, what is kept belongs to the one that keeps least', () => {
  const skeleton = { app: 'mousepad', mode: 'skeleton' } as const;
  const vocabulary = { app: 'mousepad', mode: 'vocabulary' } as const;
  for (const [contexts, context] of [
    [[skeleton], 0],
    [[...manifest.contexts, vocabulary], 3],
    [[vocabulary, skeleton, ...manifest.contexts], 1],
  ] as const) {
    const gate = new Gate({ ...manifest, contexts: [...contexts] }, false);
    gate.stand(undefined);
    expect(gate.key([editor], false)).toEqual({ kind: 'keep', context });
  }
});

test('an account that cannot be told may be the one that keeps less', () => {
  const contexts = [
    ...manifest.contexts,
    { app: 'mousepad', account: 'a', mode: 'skeleton' } as const,
  ];
  const gate = new Gate({ ...manifest, contexts }, false);
  gate.stand(undefined);
  expect(gate.key([editor], false)).toEqual({ kind: 'drop', reason: 'not-allowed' });
});

test('a focus of nobody knows which process says nothing about a window', () => {
  const { pid: _, ...focus } = focusOf('text');
  expect(reasonFor({ ...editor, focus: { ...focus, pid: undefined } })).toBe('unknown-focus');
});

test('the length of a password is not counted', () => {
  const gate = openGate();
  const password = { ...page, focus: focusOf('password', origin) };
  for (let key = 0; key < 16; key++) gate.key([password], false);
  expect(gate.dropped()).toEqual({ 'secure-field': 1 });
  gate.key([page], false);
  gate.key([password], false);
  expect(gate.dropped()).toEqual({ 'secure-field': 2 });
});

test('a frame of another site in a page, and a window that came up since, are not the page', () => {
  const area = { x: 0, y: 20, width: 100, height: 80 };
  const holes = [{ x: 10, y: 40, width: 20, height: 20 }];
  const map = new DesktopMap([{ id: 1, bounds, allowed: { context: 0, area, holes } }]);
  expect([map.contextAt(5, 30), map.contextAt(15, 45)]).toEqual([0, undefined]);
  const raised = map.raised({ id: 7, bounds: { x: 0, y: 0, width: 50, height: 50 } }, undefined);
  expect([raised.contextAt(5, 30), raised.contextAt(60, 30)]).toEqual([undefined, 0]);
});

test('pointer events belong to what lies on top at their point', () => {
  const gate = openGate();
  const area = { x: 0, y: 20, width: 100, height: 80 };
  const map = new DesktopMap([
    { id: 2, bounds: { x: 50, y: 50, width: 10, height: 10 }, allowed: undefined },
    { id: 1, bounds, allowed: { context: 0, area } },
  ]);
  expect(gate.pointer(map, 5, 30, false)).toEqual({ kind: 'keep', context: 0 });
  expect(gate.pointer(map, 5, 5, false)).toMatchObject({ reason: 'not-allowed' });
  expect(gate.pointer(map, 55, 55, false)).toMatchObject({ reason: 'not-allowed' });
  expect(gate.pointer(map, 500, 5, false)).toMatchObject({ reason: 'not-allowed' });
  expect(gate.pointer(undefined, 5, 30, false)).toMatchObject({ reason: 'not-allowed' });
});

test('text under something that is not allowed is dropped as locked', () => {
  const part = { context: 1, area: bounds };
  const lock = { id: 9, bounds, allowed: undefined };
  const map = new DesktopMap([lock, { id: 1, bounds, allowed: part }]);
  const covered = map.isCovered(1, 50, 50);
  expect(openGate().key([editor], false, covered)).toEqual({ kind: 'drop', reason: 'locked' });
  expect(new DesktopMap(map.windows.slice(1)).isCovered(1, 50, 50)).toBe(false);
});
