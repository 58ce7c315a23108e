// For tests: segments written by hand, with the events that a device would send.
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex, utf8 } from '../bytes/index.ts';
import type { CapturedEvent } from '../events/index.ts';
import { idOf } from '../ids/index.ts';
import type { CaptureContext } from '../statement/index.ts';
import type { OpenedFrame, OpenedSegment } from './timeline.ts';

export const form: CaptureContext = {
  app: 'chromium',
  origin: 'http://127.0.0.1:8123',
  mode: 'full',
};
export const editor: CaptureContext = { app: 'mousepad', mode: 'full' };
export const sampleStartMs = 1_790_000_000_000;

/** `contexts` are always the form and the editor, in this order. */
export function segmentOf(
  sequence: number,
  events: readonly CapturedEvent[],
  frames: readonly OpenedFrame[] = [],
  startedAtMs: number = sampleStartMs + sequence * 60_000,
): OpenedSegment {
  const id = idOf('seg', utf8(`segment ${sequence}`));
  return { id, sequence, startedAtMs, contexts: [form, editor], events, frames };
}

export function frameAt(atMs: number, change: Partial<OpenedFrame> = {}): OpenedFrame {
  const image = utf8(`image ${atMs} ${change.areas?.[0]?.context ?? 0}`);
  return {
    id: toHex(sha256(image)),
    atMs,
    displayEpoch: 1,
    width: 1280,
    height: 800,
    damagePending: false,
    areas: [{ context: 0, box: { x: 0, y: 0, width: 640, height: 800 } }],
    filled: [],
    image,
    ...change,
  };
}

export const display = (atMs: number, epoch = 1): CapturedEvent => {
  return { kind: 'display', atMs, epoch, width: 1280, height: 800, scale: 1 };
};
export const window = (atMs: number, context: number | null): CapturedEvent => {
  return { kind: 'window', atMs, context };
};
export const task = (atMs: number, edge: 'start' | 'end', text = ''): CapturedEvent => {
  return { kind: 'task', atMs, edge, text };
};
export const run = (atMs: number, text: string): CapturedEvent => {
  return { kind: 'run', atMs, endedAtMs: atMs + 400, text, keyCount: text.length, field: 0 };
};

/** Motion, press and release; the press is at `atMs`. */
export function click(atMs: number, x: number, y: number): CapturedEvent[] {
  const press = { kind: 'button', x, y, button: 'left' } as const;
  return [
    { kind: 'move', atMs: Math.max(0, atMs - 20), x: x + 9, y },
    { ...press, atMs, down: true, modifiers: [] },
    { ...press, atMs: atMs + 60, down: false, modifiers: [] },
  ];
}
