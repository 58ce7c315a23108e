// `release export`: what arrives is sealed to the grantee's age recipient, and is written as it is.
import { readExportHeader } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { call, personRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import { rememberExport } from '../../home/exports.ts';
import { finished, resultOf, withheld } from '../../home/job.ts';
import { writeOwnerFile } from '../../home/owner-file.ts';
import type { Session } from '../../session.ts';
import type { ExportOptions } from './command.ts';

export async function run(
  { home, out }: Session,
  options: ExportOptions,
  id = '',
): Promise<undefined> {
  const { client } = await openDesk(home, options.url);
  const { grant } = await call(client, personRoutes.release, { params: { id } });
  const body = { grant, format: options.format };
  const { job } = await call(client, personRoutes.exportRelease, { params: { id }, body });
  const params = { id: job };
  const ask = () => call(client, personRoutes.job, { params });
  const done = await out.during('Exporting', finished(ask));
  const result = call(client, personRoutes.result, { params: { id: resultOf(done) } });
  const bytes = await out.during('Receiving', result.catch(withheld));
  const { release, manifest = '' } = readExportHeader(bytes) ?? {};
  if (release !== id) {
    throw new HandrailError(
      'signature.invalid',
      'The server sent something else: nothing is kept.',
    );
  }
  const path = await writeOwnerFile(options.out, bytes);
  await rememberExport(home, { release, manifest, file: path, at: instantNow() });
  out.print({ id, format: options.format, file: path, bytes: bytes.length }, [
    `${path}: ${bytes.length} bytes, sealed. Open it with: age -d -i age-identity.txt ${path}`,
  ]);
}
