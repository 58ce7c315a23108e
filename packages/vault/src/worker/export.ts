// An export: one file of a release, encrypted with age (age-encryption.org/v1) to the grantee.
import { exportFileName, exportStanza, releaseAad } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { openBulk } from '@handrail/core/open';
import { Encrypter, Stanza } from 'age-encryption';
import type { ExportResult, ExportTask } from './task.ts';

export async function exportRelease(task: ExportTask): Promise<ExportResult> {
  const name = exportFileName(task.format);
  const file = task.files.find((each) => each.name === name);
  if (file === undefined) {
    throw new HandrailError('not.found', `The release has no ${name} to export.`);
  }
  const content = await openBulk(file.contentKey, releaseAad(task.release, name), file.bytes);
  const encrypter = new Encrypter();
  encrypter.addRecipient(task.recipient);
  // Wraps no key: it says in the open which release this is, and the header's MAC holds it.
  encrypter.addRecipient({ wrapFileKey: () => [new Stanza([exportStanza], task.header)] });
  return { kind: 'export', bytes: await encrypter.encrypt(content) };
}
