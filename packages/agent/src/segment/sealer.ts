// Turns finished drafts into sealed segments in the spool, one after the other: redact everything,
// fill frames that showed what was redacted, encode, seal, keep.

import { type DayKeys, utcDay } from '@handrail/core/device';
import { HandrailError } from '@handrail/core/errors';
import { intersection } from '@handrail/core/gate';
import { idOf } from '@handrail/core/ids';
import {
  contentOf,
  type Draft,
  type FinishedDraft,
  imageBytesMax,
  type KeptFrame,
  type RedactedTexts,
  redactDraft,
} from '@handrail/core/recorder';
import { type RuleOf, rulesOf } from '@handrail/core/redact';
import { randomBytes, type Signer } from '@handrail/core/seal';
import { encodeContent, type Frame, type SegmentHeader, sealSegment } from '@handrail/core/segment';
import type { Sensitive } from '@handrail/core/sensitive';
import type { CaptureContext } from '@handrail/core/statement';
import type { Device } from '../home/home.ts';
import { fillLater } from '../recorder/fill-later.ts';
import '../recorder/redaction-sources.ts';
import type { Spool } from '../spool/spool.ts';

export interface SealerParts {
  readonly device: Device;
  readonly signer: Signer;
  readonly dayKeys: DayKeys;
  readonly spool: Spool;
  readonly contexts: readonly CaptureContext[];
  readonly manifest: string;
  readonly display: SegmentHeader['display'];
  readonly programmeEpoch: () => number;
  readonly reviewWindowMs: number;
  /** Unix ms of a monotonic time. */
  readonly toUnixMs: (atMs: number) => number;
}

/** Known texts kept for looking into later frames. */
const knownMax = 200;

export class Sealer {
  readonly #parts: SealerParts;
  readonly #ruleOf: RuleOf;
  readonly #session = idOf('ses', randomBytes(32));
  #sequence = 0;
  #known: readonly Sensitive<string>[] = [];

  constructor(parts: SealerParts) {
    this.#parts = parts;
    this.#ruleOf = rulesOf(parts.contexts);
  }

  get session(): string {
    return this.#session;
  }

  /** Raw texts in which something was found; frames are searched for their values. */
  get known(): readonly Sensitive<string>[] {
    return this.#known;
  }

  /** Seals one draft into the spool. Throws `keys.unknown`, `storage.full`, `redaction.failed`. */
  async seal({ draft, closes }: FinishedDraft): Promise<void> {
    const { device, dayKeys, signer, spool, toUnixMs, reviewWindowMs } = this.#parts;
    const day = utcDay(toUnixMs(draft.openedAtMs));
    const key = dayKeys.of(day);
    if (key === undefined) {
      throw new HandrailError('keys.unknown', 'The vault has issued no key for this day yet.');
    }
    const redacted = redactDraft(draft.events, this.#ruleOf);
    this.#known = [...redacted.known, ...this.#known].slice(0, knownMax);
    const frames = await framesOf(draft, redacted);
    const content = contentOf(draft, redacted, {
      startedAtMs: toUnixMs(draft.startedAtMs),
      contexts: this.#parts.contexts,
      frames: frames.map((frame) => storedFrame(frame, draft)),
    });
    const { programme, pseudonym, consentEpoch } = device.consent.payload;
    const header: SegmentHeader = {
      v: 1,
      programme,
      pseudonym,
      device: device.device,
      session: this.#session,
      sequence: this.#sequence,
      closes,
      consentEpoch,
      programmeEpoch: this.#parts.programmeEpoch(),
      manifest: this.#parts.manifest,
      display: this.#parts.display,
      sealedTo: key.publicKey,
      day,
    };
    const { id, bytes, contentKey } = await sealSegment(
      header,
      encodeContent(content, redacted.texts),
      signer,
    );
    const fromMs = toUnixMs(draft.startedAtMs);
    const toMs = toUnixMs(draft.lastMs);
    const { session, sequence } = header;
    const note = { id, session, sequence, fromMs, toMs, heldUntilMs: toMs + reviewWindowMs };
    await spool.add(note, bytes, contentKey, Date.now());
    this.#sequence += 1;
  }
}

/** The draft's frames, with everything filled that its texts gave away; as many as fit. */
export async function framesOf(
  draft: Draft,
  redacted: Pick<RedactedTexts, 'fields' | 'known'>,
): Promise<readonly KeptFrame[]> {
  const fieldIds = [...redacted.fields].map((number) => draft.fieldId(number) ?? '');
  const toFill = new Set([...fieldIds, ...draft.secureFieldIds]);
  const frames = await fillLater(await draft.frames(), toFill, redacted.known);
  let bytes = 0;
  const first = frames.findIndex(({ image }) => {
    bytes += image.length;
    return bytes > imageBytesMax;
  });
  // Each builds on the one before: what follows one that is left out cannot be read.
  return first < 0 ? frames : frames.slice(0, first);
}

/** What of the boxes lies in the frame: a page that is scrolled has nodes outside of it. */
export function shownOf(
  filled: KeptFrame['filled'],
  { width, height }: Pick<KeptFrame, 'width' | 'height'>,
): Frame['filled'] {
  return filled.flatMap(({ box, reason }) => {
    const inside = intersection(box, { x: 0, y: 0, width, height });
    return inside.width > 0 && inside.height > 0 ? [{ box: { ...inside }, reason }] : [];
  });
}

function storedFrame(frame: KeptFrame, draft: Draft): Frame {
  const { displayEpoch, width, height, damagePending, image } = frame;
  const atMs = Math.round(frame.atMs - draft.startedAtMs);
  const areas = frame.areas.map(({ context, box }) => ({ context, box: { ...box } }));
  const filled = shownOf(frame.filled, { width, height }).slice(0, 2000);
  return { atMs, displayEpoch, width, height, damagePending, areas, filled, image };
}
