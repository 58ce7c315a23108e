// `bystander request`: what is sought comes by standard input or a file, never by an argument that
// other programs could see, and leaves this machine sealed to the vault of the fingerprint.

import { readProgramme } from '@handrail/agent/enrol/programme';
import { clientOf } from '@handrail/agent/home/client';
import { requestDigest, sealRequest } from '@handrail/core/bystander';
import { fromUtf8, toBase64url } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { bystanderRoutes, call } from '@handrail/core/wire';
import { readInputFile } from '../../home/input-file.ts';
import type { Session } from '../../session.ts';
import type { RequestOptions } from './command.ts';

const inputBytesMax = 64 * 1024;

export async function run({ out }: Session, options: RequestOptions): Promise<undefined> {
  const { url, fingerprint, file } = options;
  if (!URL.canParse(url)) throw new HandrailError('usage.invalid', 'Give --url an address.');
  const { vaultKey, charter } = await readProgramme(url, fingerprint);
  const text =
    file === undefined ? await standardInput() : await readInputFile(file, inputBytesMax);
  const lines = fromUtf8(text)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const box = await sealRequest(vaultKey, charter.payload.programme, lines);
  const request = requestDigest(box);
  const body = { box: toBase64url(box), request };
  const { state, day } = await call(clientOf(url, undefined), bystanderRoutes.fileRequest, {
    body,
  });
  out.print({ request, state, day, programme: charter.payload.programme }, [
    `Your receipt: ${request}`,
    'Keep it. It says what becomes of the request, and nothing of what it seeks:',
    `handrail bystander status ${request} --url ${url}`,
  ]);
}

async function standardInput(): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of process.stdin) {
    parts.push(Buffer.from(part));
    bytes += parts.at(-1)?.length ?? 0;
    if (bytes > inputBytesMax) throw new HandrailError('input.too-large', 'Give fewer lines.');
  }
  return new Uint8Array(Buffer.concat(parts));
}
