// `mine show`: the vault seals the trajectory to this home's reading key; it is read here, and a
// picture is written only where its owner asked for it.
import { join, resolve } from 'node:path';
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { fromBase64url, utf8 } from '@handrail/core/bytes';
import { decodeView, type Trajectory } from '@handrail/core/dataset';
import { requireId } from '@handrail/core/ids';
import { readBox } from '@handrail/core/reader';
import { call, deviceRoutes } from '@handrail/core/wire';
import { finished, resultOf } from '../../home/job.ts';
import { writeOwnerFile } from '../../home/owner-file.ts';
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
  const { instruction, actions, contexts, gaps } = view;
  const shown = { id, instruction, actions, contexts, gaps };
  out.print(frames === undefined ? shown : { ...shown, frames }, [
    JSON.stringify(shown, null, 2),
    ...(frames === undefined
      ? []
      : [`${frames.length} pictures in ${resolve(options.frames ?? '')}`]),
  ]);
}

async function openedView(home: Home, id: string): Promise<Trajectory> {
  const device = await home.device();
  const client = clientOf(device.url, await deviceSigner(device));
  const { job } = await call(client, deviceRoutes.openMine, { params: { id } });
  const params = { id: job };
  const result = resultOf(await finished(() => call(client, deviceRoutes.myJob, { params })));
  const box = await call(client, deviceRoutes.myResult, { params: { id: result } });
  const readingKey = fromBase64url(device.readingKey);
  return decodeView(await readBox(readingKey, utf8(job), box));
}

async function writeFrames(view: Trajectory, folder: string) {
  const written: { readonly id: string; readonly file: string }[] = [];
  for (const { id, image } of view.frames) {
    written.push({ id, file: await writeOwnerFile(join(folder, `${id}.webp`), image) });
  }
  return written;
}
