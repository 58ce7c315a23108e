// `mine show`: the vault seals the trajectory to a reading session of this home; it is read here,
// and a picture is written only where its owner asked for it.
import { join, resolve } from 'node:path';
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import type { TrajectoryFactsOnly } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { requireId } from '@handrail/core/ids';
import { writeOwnerFile } from '../../home/owner-file.ts';
import { readChunks } from '../../home/reading.ts';
import type { Session } from '../../session.ts';
import type { ShowOptions } from './command.ts';

export async function run(
  { home, out }: Session,
  options: ShowOptions,
  text = '',
): Promise<undefined> {
  const id = requireId('traj', text);
  const view = await out.during('Opening', openedView(new Home(home), id));
  const frames = options.frames === undefined ? undefined : await writeFrames(view, options.frames);
  const { instruction, actions, contexts, gaps } = view.facts;
  const shown = { id, instruction, actions, contexts, gaps };
  out.print(frames === undefined ? shown : { ...shown, frames }, [
    JSON.stringify(shown, null, 2),
    ...(frames === undefined
      ? []
      : [`${frames.length} pictures in ${resolve(options.frames ?? '')}`]),
  ]);
}

interface View {
  readonly facts: TrajectoryFactsOnly;
  /** In the order of the facts. */
  readonly images: readonly Uint8Array[];
}

async function openedView(home: Home, trajectory: string): Promise<View> {
  const device = await home.device();
  const signer = await deviceSigner(device);
  const client = clientOf(device.url, signer);
  const { programme, pseudonym: participant } = device;
  let facts: TrajectoryFactsOnly | undefined;
  const images: Uint8Array[] = [];
  const reader = { client, signer, programme, by: { participant } };
  for await (const chunk of readChunks(reader, { trajectory })) {
    facts ??= chunk.facts;
    if (chunk.image) images.push(chunk.image);
  }
  if (facts !== undefined) return { facts, images };
  throw new HandrailError('format.unknown', 'The vault sent pictures of nothing.');
}

async function writeFrames({ facts, images }: View, folder: string) {
  const written: { readonly id: string; readonly file: string }[] = [];
  for (const [at, { id }] of facts.frames.entries()) {
    const image = images[at];
    if (image === undefined) continue;
    written.push({ id, file: await writeOwnerFile(join(folder, `${id}.webp`), image) });
  }
  return written;
}
