// Imports a recording made with another tool, under the same rules as our own: only where the
// accepted manifest names its context, redacted, sealed and spooled like any other segment.

import type { InputEvent } from '@handrail/core/action';
import { fromBase64url } from '@handrail/core/bytes';
import { DayKeys, LeaseHolder, resumedEpoch, utcDay } from '@handrail/core/device';
import { HandrailError } from '@handrail/core/errors';
import type { CapturedEvent } from '@handrail/core/events';
import { contextOf } from '@handrail/core/gate';
import { type LogFormat, type ParsedLog, parseLog } from '@handrail/core/import';
import type { KeyObservation, Modifier } from '@handrail/core/observation';
import { cutOf, Draft, Typing } from '@handrail/core/recorder';
import { signerFromSeed } from '@handrail/core/seal';
import type { Lease } from '@handrail/core/wire';
import { readProgramme } from './enrol/programme.ts';
import { clientOf } from './home/client.ts';
import type { Device, Home } from './home/home.ts';
import { Outbox } from './outbox.ts';
import { Sealer } from './segment/sealer.ts';

export interface ImportOutcome {
  readonly segments: number;
  readonly events: number;
  readonly rejected: ParsedLog['rejected'];
  /** Segments still on this device: the organisation could not be reached. */
  readonly waiting: number;
}

export interface Screen {
  readonly width: number;
  readonly height: number;
}

/** Throws `access.denied` where the manifest names no context `import:<format>`. */
export async function importLog(
  home: Home,
  log: Uint8Array,
  format: LogFormat,
  screen: Screen | undefined,
): Promise<ImportOutcome> {
  const device = await home.device();
  if (device.withdrawn) {
    throw new HandrailError('state.conflict', 'You have withdrawn: join again to take part.');
  }
  const app = `import:${format}`;
  const manifest = device.manifest?.payload.manifest;
  const context = manifest && contextOf(manifest, { app, origin: undefined });
  if (!manifest || context === undefined) {
    throw new HandrailError('access.denied', `Your accepted manifest has no context "${app}".`);
  }
  const { events, rejected } = parseLog(log, format, screen);
  const signer = await signerFromSeed(fromBase64url(device.signingSeed));
  const client = clientOf(device.url, signer);
  const outbox = await Outbox.open(home, client);
  const lease = await leaseFor(device, client);
  const sealer = await sealerFor(device, signer, client, outbox, lease, events);
  let segments = 0;
  for (const finished of drafts(events, context, screen ?? extentOf(events))) {
    await sealer.seal(finished);
    segments += 1;
  }
  return { segments, events: events.length, rejected, waiting: await outbox.drain(sealer.session) };
}

async function leaseFor(device: Device, client: ReturnType<typeof clientOf>): Promise<Lease> {
  const { consentEpoch, manifest } = device.consent.payload;
  const lease = new LeaseHolder(client, { consentEpoch, manifest: manifest ?? '' });
  const programme = await readProgramme(device.url, device.fingerprint);
  const state = await lease.refresh(await resumedEpoch(programme));
  if (state.kind === 'live') return state.lease;
  throw new HandrailError(state.because, 'The organisation gives no leave to record now.');
}

/** The vault issues the first day keys a moment after joining. */
const halfASecond = () => new Promise<void>((resolve) => setTimeout(resolve, 500));

async function sealerFor(
  device: Device,
  signer: Awaited<ReturnType<typeof signerFromSeed>>,
  client: ReturnType<typeof clientOf>,
  outbox: Outbox,
  lease: Lease,
  events: readonly InputEvent[],
): Promise<Sealer> {
  const { manifest } = device.consent.payload;
  const dayKeys = new DayKeys(device);
  await dayKeys.waitFor(utcDay(Date.now()), client, halfASecond);
  const lastMs = (events.at(-1)?.at ?? 0) * 1000;
  const offsetMs = Date.now() - lastMs;
  return new Sealer({
    device,
    signer,
    dayKeys,
    spool: outbox.spool,
    contexts: device.manifest?.payload.manifest.contexts ?? [],
    manifest: manifest ?? '',
    display: 'import',
    programmeEpoch: () => lease.programmeEpoch,
    reviewWindowMs: 0,
    toUnixMs: (atMs) => atMs + offsetMs,
  });
}

/** Cuts the log into drafts by its own clock. */
function* drafts(events: readonly InputEvent[], context: number, screen: Screen) {
  const typing = new Typing();
  const held = new Set<Modifier>();
  const down = new Set<string>();
  let openSegments = 0;
  let draft: Draft | undefined;
  for (const event of events) {
    const atMs = event.at * 1000;
    if (draft) {
      const isHeld = down.size > 0 || typing.isOpen(draft, atMs - draft.startedAtMs);
      const cut = cutOf(draft, { nowMs: atMs, isHeld, inTask: false, openSegments });
      if (cut !== 'none') {
        yield { draft, closes: cut === 'closing' };
        openSegments = cut === 'closing' ? 0 : openSegments + 1;
        draft = undefined;
      }
    }
    draft ??= newDraft(atMs, context, screen);
    addEvent(draft, event, typing, held, down);
  }
  if (draft) yield { draft, closes: true };
}

function newDraft(atMs: number, context: number, screen: Screen): Draft {
  const draft = new Draft(atMs);
  const { width, height } = screen;
  draft.add({ kind: 'display', atMs: 0, epoch: 1, width, height, scale: 1 });
  draft.add({ kind: 'window', atMs: 0, context });
  return draft;
}

function addEvent(
  draft: Draft,
  event: InputEvent,
  typing: Typing,
  held: Set<Modifier>,
  down: Set<string>,
): void {
  const atMs = draft.sinceStart(event.at * 1000);
  if (event.kind === 'key') {
    typing.add(draft, keyObservation(event, held), atMs, 0);
    return;
  }
  const modifiers = [...held];
  const told = pointerEvent(event, atMs, modifiers);
  if (told === undefined) return;
  if (event.kind === 'button') {
    if (event.down) down.add(event.button);
    else down.delete(event.button);
  }
  if (event.kind !== 'move') typing.interrupt(draft, true);
  draft.add(told);
}

function pointerEvent(
  event: InputEvent,
  atMs: number,
  modifiers: Modifier[],
): CapturedEvent | undefined {
  if (event.kind === 'move') return { kind: 'move', atMs, x: event.x, y: event.y };
  if (event.kind === 'scroll') {
    const { x, y, dx, dy } = event;
    return { kind: 'scroll', atMs, x, y, dx, dy, modifiers };
  }
  if (event.kind !== 'button') return undefined;
  const { x, y, button } = event;
  return { kind: 'button', atMs, x, y, button, down: event.down, modifiers };
}

const modifierNames: readonly string[] = ['shift', 'ctrl', 'alt', 'meta'] satisfies Modifier[];

function keyObservation(
  event: Extract<InputEvent, { kind: 'key' }>,
  held: Set<Modifier>,
): KeyObservation {
  const { key, down } = event;
  const modifiers = [...held];
  if (isModifier(key)) {
    if (down) held.add(key);
    else held.delete(key);
  }
  const text = [...key].length === 1 ? key : key === 'space' ? ' ' : undefined;
  return {
    kind: 'key',
    atMs: event.at * 1000,
    serverTime: 0,
    injected: false,
    keycode: keyNumber(key),
    keysym: 0,
    text,
    name: key,
    down,
    modifiers,
    repeat: false,
  };
}

function isModifier(key: string): key is Modifier {
  return modifierNames.includes(key);
}

/** Logs have no key codes; a letter is the same key with and without Shift. */
function keyNumber(key: string): number {
  return [...key.toLowerCase()].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7);
}

function extentOf(events: readonly InputEvent[]): Screen {
  let width = 1;
  let height = 1;
  for (const event of events) {
    if (!('x' in event)) continue;
    width = Math.max(width, event.x + 1);
    height = Math.max(height, event.y + 1);
  }
  return { width, height };
}
