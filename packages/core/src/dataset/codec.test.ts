import { decode, encode } from 'cborg';
import { deflateSync } from 'fflate';
import { beforeAll, expect, test } from 'vitest';
import { toBase64url, utf8 } from '../bytes/index.ts';
import { idOf } from '../ids/index.ts';
import { openBulk, unwrapContentKey } from '../open/index.ts';
import { newSealKeyPair, newSigningSeed, type Signer, signerFromSeed } from '../seal/index.ts';
import { unpad } from '../segment/index.ts';
import { assemble } from './assemble.ts';
import { decodeTrajectory, encodeTrajectory, factsOf } from './codec.ts';
import { decodeChunk, encodeChunk } from './reading.ts';
import { click, display, frameAt, segmentOf, window } from './sample-segment.ts';
import {
  parseTrajectory,
  sealTrajectory,
  signTrajectory,
  type TrajectoryHeader,
  verifyTrajectory,
} from './sealed-trajectory.ts';
import type { Trajectory } from './trajectory.ts';

const pseudonym = idOf('part', utf8('someone'));
let vault: Signer;

beforeAll(async () => {
  vault = await signerFromSeed(newSigningSeed());
});

function sample(): Trajectory {
  const events = [display(0), window(0, 0), ...click(500, 1, 1)];
  const [trajectory] = assemble([segmentOf(0, events, [frameAt(100)])], {
    pseudonym,
    display: 'own',
  });
  if (trajectory === undefined) throw new Error('no trajectory');
  return trajectory;
}

test('a chunk gives back what it holds, and its JSON holds no pixels', () => {
  const facts = factsOf(sample());
  const image = sample().frames[0]?.image ?? new Uint8Array();
  const bytes = encodeChunk({ facts, image });
  expect(bytes.constructor).toBe(Uint8Array);
  expect(decodeChunk(bytes)).toEqual({ facts, image });
  expect(decodeChunk(encodeChunk({ image }))).toEqual({ image });
  expect(JSON.parse(decode(bytes).json).frames[0]).not.toHaveProperty('image');
  expect(() => decodeChunk(encode({ v: 1, json: '{' }))).toThrow(/nothing that is read/);
  expect(() => decodeChunk(encode({ v: 1, more: 1 }))).toThrow(/wrong form/);
});

test('unknown fields, missing images and too much are refused', () => {
  const outer = decode(encodeTrajectory(sample()));
  expect(() => decodeTrajectory(encode({ ...outer, images: [] }))).toThrow(/other images/);
  expect(() => decodeTrajectory(encode({ ...outer, more: 1 }))).toThrow(/wrong form/);
  const packed = deflateSync(new Uint8Array(65 * 1024 * 1024));
  expect(() => decodeTrajectory(encode({ ...outer, packed }))).toThrow(/limit/);
  expect(() => decodeTrajectory(utf8('nothing'))).toThrow();
  expect(() => encodeTrajectory({ ...sample(), reducer: 0 })).toThrow(/wrong form/);
});

test('a sealed trajectory opens with its key and cannot be changed', async () => {
  const keys = await newSealKeyPair();
  const trajectory = sample();
  const header: TrajectoryHeader = {
    v: 1,
    programme: idOf('prog', utf8('programme')),
    pseudonym,
    consentEpoch: 1,
    trajectory: trajectory.id,
    day: '2026-11-23',
    sealedTo: toBase64url(keys.publicKey),
    actions: 1,
    contexts: [{ app: 'chromium' }],
    segments: trajectory.segments.map(({ id }) => id),
  };
  const { headerBytes, body } = await sealTrajectory(header, trajectory);
  const bytes = await signTrajectory(headerBytes, body, vault);
  const sealed = parseTrajectory(bytes);
  expect(sealed.header).toEqual(header);
  expect(await verifyTrajectory(sealed, vault.publicKey)).toBe(true);
  const key = await unwrapContentKey(keys.privateKey, 'trajectory', headerBytes, sealed.body);
  const content = unpad(await openBulk(key, headerBytes, sealed.body));
  expect(decodeTrajectory(content)).toEqual(trajectory);
  for (let at = 0; at < bytes.length; at += 13) {
    const changed = Uint8Array.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await accepted(changed), `byte ${at}`).toBe(false);
  }
  expect(await accepted(bytes.subarray(0, 9))).toBe(false);
});

async function accepted(bytes: Uint8Array): Promise<boolean> {
  try {
    return await verifyTrajectory(parseTrajectory(bytes), vault.publicKey);
  } catch {
    return false;
  }
}
