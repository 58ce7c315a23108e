// `mine quarantine show`: the vault seals the segment to a reading session of this home; it is read
// here, and a picture is written only where its owner asked for it.
import { join, resolve } from 'node:path';
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { HandrailError } from '@handrail/core/errors';
import { requireId } from '@handrail/core/ids';
import { type SegmentFacts, textSurfaces } from '@handrail/core/segment';
import { writeOwnerFile } from '../../home/owner-file.ts';
import { readChunks } from '../../home/reading.ts';
import type { Session } from '../../session.ts';
import type { ShowOptions } from './command.ts';

export async function run(
  { home, out }: Session,
  options: ShowOptions,
  text = '',
): Promise<undefined> {
  const id = requireId('seg', text);
  const view = await out.during('Opening', openedView(new Home(home), id));
  const folder = options.frames;
  const frames = folder === undefined ? undefined : await writeFrames(view, folder);
  const { startedAtMs, contexts, events, frames: all } = view.segment;
  const startedAt = new Date(startedAtMs).toISOString();
  const texts = textSurfaces(events).map(({ text }) => text);
  const pictures = { frames: view.images.size, broken: all.length - view.images.size };
  const shown = { id, startedAt, contexts, texts, ...pictures };
  out.print(frames === undefined ? shown : { ...shown, files: frames }, [
    JSON.stringify(shown, null, 2),
    ...(frames === undefined ? [] : [`${frames.length} pictures in ${resolve(folder ?? '')}`]),
    `Then: handrail mine quarantine release ${id}, or delete ${id}`,
  ]);
}

interface View {
  readonly segment: SegmentFacts;
  /** By the number of the frame; missing where none could be made out. */
  readonly images: ReadonlyMap<number, Uint8Array>;
}

async function openedView(home: Home, id: string): Promise<View> {
  const device = await home.device();
  const signer = await deviceSigner(device);
  const client = clientOf(device.url, signer);
  const { programme, pseudonym: participant } = device;
  const reader = { client, signer, programme, by: { participant } };
  const images = new Map<number, Uint8Array>();
  let segment: SegmentFacts | undefined;
  let number = 0;
  for await (const chunk of readChunks(reader, { segment: id })) {
    segment ??= chunk.segment;
    if (chunk.image) images.set(number, chunk.image);
    number += 1;
  }
  if (segment !== undefined) return { segment, images };
  throw new HandrailError('format.unknown', 'The vault sent pictures of nothing.');
}

async function writeFrames({ images }: View, folder: string): Promise<string[]> {
  const written: string[] = [];
  for (const [at, image] of images) {
    written.push(await writeOwnerFile(join(folder, `${String(at).padStart(3, '0')}.webp`), image));
  }
  return written;
}
