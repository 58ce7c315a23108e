// For tests: a participant with real keys, whose device seals real segments.
import { deflateRawSync } from 'node:zlib';
import { toBase64url, utf8 } from '@handrail/core/bytes';
import type { CapturedEvent } from '@handrail/core/events';
import { type Picture, type Tile, tileEdge, writePicture } from '@handrail/core/frame-image';
import { idOf } from '@handrail/core/ids';
import { unwrapContentKey } from '@handrail/core/open';
import { apply } from '@handrail/core/redact';
import {
  newSealKeyPair,
  newSigningSeed,
  type SealKeyPair,
  type Signer,
  signerFromSeed,
} from '@handrail/core/seal';
import {
  encodeContent,
  type Frame,
  parseSealed,
  type SegmentContent,
  type SegmentHeader,
  sealSegment,
  textSurfaces,
} from '@handrail/core/segment';
import type { ManifestFile } from '@handrail/core/statement';
import type { RefineTask, SegmentInput } from './task.ts';

export const manifest: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus', 'frame'],
  contexts: [
    { app: 'chromium', origin: 'http://127.0.0.1:8123', mode: 'full' },
    { app: 'mousepad', mode: 'full' },
  ],
};
export const manifestDigest = 'a'.repeat(64);
export const programme = idOf('prog', utf8('sample programme'));

export interface Member {
  readonly pseudonym: string;
  readonly device: Signer;
  readonly raw: SealKeyPair;
  readonly trajectory: SealKeyPair;
}

export async function newMember(name: string): Promise<Member> {
  return {
    pseudonym: idOf('part', utf8(name)),
    device: await signerFromSeed(newSigningSeed()),
    raw: await newSealKeyPair(),
    trajectory: await newSealKeyPair(),
  };
}

export const frameSize = { width: 320, height: 200 } as const;
const tiles = Math.ceil(frameSize.width / tileEdge) * Math.ceil(frameSize.height / tileEdge);

/** A picture of one colour; `exact` unless detail was left out. */
export function flatPicture(shade: number, exact = true): Picture {
  const colour = (shade << 16) | (90 << 8) | 30;
  const flat: Tile = { kind: 'flat', colour };
  const coarse: Tile = { kind: 'coarse', block: 8, colours: new Uint32Array(64).fill(colour) };
  const rest = new Array<Tile>(tiles - 1).fill(flat);
  return { ...frameSize, tiles: [exact ? flat : coarse, ...rest] };
}

/** As a device writes it; `before` is the picture of the frame before. */
export function imageOf(picture: Picture, before?: Picture): Uint8Array {
  return deflateRawSync(writePicture(picture, before));
}

export function picture(shade: number, exact = true): Uint8Array {
  return imageOf(flatPicture(shade, exact));
}

export function frame(atMs: number, image: Uint8Array, change: Partial<Frame> = {}): Frame {
  return {
    atMs,
    displayEpoch: 1,
    ...frameSize,
    damagePending: false,
    areas: [{ context: 0, box: { x: 0, y: 0, width: 8, height: 8 } }],
    filled: [],
    image,
    ...change,
  };
}

export const display: CapturedEvent = {
  kind: 'display',
  atMs: 0,
  epoch: 1,
  width: 320,
  height: 200,
  scale: 1,
};
export const inForm: CapturedEvent = { kind: 'window', atMs: 0, context: 0 };

export function click(atMs: number, x: number, y: number): CapturedEvent[] {
  const press = { kind: 'button', x, y, button: 'left' } as const;
  return [
    { ...press, atMs, down: true, modifiers: [] },
    { ...press, atMs: atMs + 50, down: false, modifiers: [] },
  ];
}

export function typed(atMs: number, text: string): CapturedEvent {
  return { kind: 'run', atMs, endedAtMs: atMs + 300, text, keyCount: text.length, field: 0 };
}

export async function sealedSegment(
  member: Member,
  sequence: number,
  content: Partial<SegmentContent>,
  change: Partial<SegmentHeader> = {},
): Promise<SegmentInput> {
  const header: SegmentHeader = {
    v: 1,
    programme,
    pseudonym: member.pseudonym,
    device: idOf('dev', member.device.publicKey),
    session: idOf('ses', utf8('one')),
    sequence,
    closes: true,
    consentEpoch: 1,
    programmeEpoch: 1,
    manifest: manifestDigest,
    display: 'virtual',
    sealedTo: toBase64url(member.raw.publicKey),
    day: '2026-11-23',
    ...change,
  };
  const startedAtMs = 1_790_000_000_000 + sequence * 60_000;
  const { contexts } = manifest;
  const whole = { v: 1, startedAtMs, contexts, events: [], frames: [], findings: [], ...content };
  // The device's own redaction is left out, so that the vault's second pass has something to find.
  const texts = apply({ surfaces: textSurfaces(whole.events) }, { findings: [] });
  const bytes = encodeContent({ ...whole, v: 1 }, texts);
  return opening(member, await sealSegment(header, bytes, member.device));
}

/** What the keeper gives a worker: the segment, and its content key unwrapped. */
export async function opening(
  member: Member,
  { id, bytes }: Pick<SegmentInput, 'id' | 'bytes'>,
): Promise<SegmentInput> {
  const { headerBytes, body } = parseSealed(bytes);
  const { privateKey } = member.raw;
  const contentKey = await unwrapContentKey(privateKey, 'segment', headerBytes, body);
  return { id, bytes, contentKey, deviceKey: member.device.publicKey, isReleased: false };
}

export function refineTask(member: Member, segments: readonly SegmentInput[]): RefineTask {
  return {
    kind: 'refine',
    programme,
    pseudonym: member.pseudonym,
    consentEpoch: 1,
    manifests: { [manifestDigest]: manifest },
    segments,
    ocr: { kind: 'program', path: '/usr/bin/tesseract', limiter: '/usr/bin/prlimit' },
    trajectoryKey: { publicKey: member.trajectory.publicKey, day: '2026-11-23' },
  };
}
