import type { Observation } from '@handrail/core/observation';
import { expect, test } from 'vitest';
import { DeviceEventReader, parseDeviceEvents } from './device-events.ts';
import { KeymapHistory } from './keymap-history.ts';
import { makeServerClock } from './server-clock.ts';

const firstInputEvent = 66;
const hand = 7;
const master = 3;
const mapping = { first: 8, rows: [[0x61, 0x41]], modifierRows: Array(8).fill([]) };

function event(type: number, time: number, more: { detail?: number; device?: number } = {}) {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt8(more.detail ?? 8, 1);
  bytes.writeUInt32LE(time, 4);
  bytes.writeInt16LE(-3, 20);
  bytes.writeUInt8((more.device ?? 0) | 0x80, 31);
  return bytes;
}

function read(...events: Buffer[]): Observation[] {
  const seen: Observation[] = [];
  const reader = new DeviceEventReader({
    keymaps: new KeymapHistory(mapping),
    serverClock: makeServerClock(0, 0),
    isPhysical: (device) => device === hand,
    firstInputEvent,
    emit: (observation) => seen.push(observation),
  });
  for (const one of parseDeviceEvents(Buffer.concat(events))) reader.read(one);
  reader.flush();
  return seen;
}

test('only what a known device announced was made by hand', () => {
  const byHand = [event(67, 5, { device: hand }), event(2, 5), event(67, 5, { device: master })];
  const byProgram = [event(68, 6, { device: 5 }), event(3, 6)];
  const warped = [event(6, 7)];
  const seen = read(...byHand, ...byProgram, ...warped);
  expect(seen.map((one) => 'injected' in one && one.injected)).toEqual([false, true, true]);
  expect(seen[2]).toMatchObject({ kind: 'move', x: -3 });
});

test('a release and press of one moment are one repeat, a later press is another', () => {
  const repeats = read(event(2, 1), event(3, 40), event(2, 40), event(3, 50), event(2, 60));
  const keys = repeats.flatMap((one) => (one.kind === 'key' ? [[one.down, one.repeat]] : []));
  expect(keys).toEqual([
    [true, false],
    [true, true],
    [false, false],
    [true, false],
  ]);
});

test('bytes that make no whole event and buttons without a meaning say nothing', () => {
  expect(read(event(2, 1).subarray(0, 31))).toEqual([]);
  expect(read(event(4, 1, { detail: 20 }), event(5, 2, { detail: 4 }))).toEqual([]);
});
