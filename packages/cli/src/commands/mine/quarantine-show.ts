// `mine quarantine show`: the vault seals the segment to this home's reading key; it is read here,
// and a picture is written only where its owner asked for it.
import { join, resolve } from 'node:path';
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { fromBase64url, utf8 } from '@handrail/core/bytes';
import { requireId } from '@handrail/core/ids';
import { readBox } from '@handrail/core/reader';
import { decodeSegmentView, type SegmentView } from '@handrail/core/segment';
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
  const id = requireId('seg', text);
  const view = await out.during('Opening', openedView(new Home(home), id));
  const folder = options.frames;
  const frames = folder === undefined ? undefined : await writeFrames(view, folder);
  const { startedAtMs, contexts, texts, broken } = view;
  const startedAt = new Date(startedAtMs).toISOString();
  const pictures = { frames: view.frames.length, broken };
  const shown = { id, startedAt, contexts, texts, ...pictures };
  out.print(frames === undefined ? shown : { ...shown, files: frames }, [
    JSON.stringify(shown, null, 2),
    ...(frames === undefined ? [] : [`${frames.length} pictures in ${resolve(folder ?? '')}`]),
    `Then: handrail mine quarantine release ${id}, or delete ${id}`,
  ]);
}

async function openedView(home: Home, id: string): Promise<SegmentView> {
  const device = await home.device();
  const client = clientOf(device.url, await deviceSigner(device));
  const { job } = await call(client, deviceRoutes.openQuarantined, { params: { id } });
  const params = { id: job };
  const result = resultOf(await finished(() => call(client, deviceRoutes.myJob, { params })));
  const box = await call(client, deviceRoutes.myResult, { params: { id: result } });
  const readingKey = fromBase64url(device.readingKey);
  return decodeSegmentView(await readBox(readingKey, utf8(job), box));
}

async function writeFrames({ frames }: SegmentView, folder: string): Promise<string[]> {
  const written: string[] = [];
  for (const [at, { image }] of frames.entries()) {
    written.push(await writeOwnerFile(join(folder, `${String(at).padStart(3, '0')}.webp`), image));
  }
  return written;
}
