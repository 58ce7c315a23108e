// `accept`: a wider manifest applies only after its contexts were shown and agreed to.
import { notify } from '@handrail/agent/control';
import { accept } from '@handrail/agent/enrol/join';
import { readProgramme } from '@handrail/agent/enrol/programme';
import { Home } from '@handrail/agent/home/home';
import { fromHex } from '@handrail/core/bytes';
import { capturedLines, programmeLines, widerThanAgreed } from '@handrail/core/device';
import { HandrailError } from '@handrail/core/errors';
import { idOf } from '@handrail/core/ids';
import { manifestHash } from '@handrail/core/statement';
import type { Session } from '../../session.ts';
import type { AcceptOptions } from './command.ts';

export async function run(
  session: Session,
  options: AcceptOptions,
  id?: string,
): Promise<number | undefined> {
  const { out } = session;
  const home = new Home(session.home);
  const device = await home.device();
  const programme = await readProgramme(device.url, device.fingerprint);
  const { manifest } = programme;
  const wider = widerThanAgreed(programme, device.consent.payload);
  if (manifest === null) {
    throw new HandrailError('state.conflict', 'No manifest is active: there is nothing to accept.');
  }
  const hash = manifestHash(manifest.payload);
  const active = idOf('man', fromHex(hash));
  if (id !== undefined && id !== active) {
    throw new HandrailError('not.found', `The active manifest is ${active}: accept that one.`);
  }
  if (wider.length > 0) out.note(`The charter asks for more than before: ${wider.join(', ')}.`);
  const shown = wider.length > 0 ? programmeLines(programme) : undefined;
  for (const line of shown ?? capturedLines(manifest.payload.manifest)) out.note(line);
  const agreed = options.accept || (await session.confirm('Do you accept this?', '--accept'));
  if (!agreed) {
    out.print({ accepted: false }, ['Not accepted. What you accepted before still applies.']);
    return 1;
  }
  await accept(home, programme);
  await notify(home);
  const { number } = manifest.payload;
  out.print({ accepted: true, id: active, manifest: number }, [`You accepted manifest ${number}.`]);
}
