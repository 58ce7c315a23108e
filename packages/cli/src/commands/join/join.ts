// `join`: nothing is signed before the person has seen the notice, what is captured and the
// fingerprint, and said yes.
import { join } from '@handrail/agent/enrol/join';
import { readProgramme } from '@handrail/agent/enrol/programme';
import { Home } from '@handrail/agent/home/home';
import { parseInvite, programmeLines } from '@handrail/core/device';
import { HandrailError } from '@handrail/core/errors';
import type { Session } from '../../session.ts';
import type { JoinOptions } from './command.ts';

export async function run(
  session: Session,
  options: JoinOptions,
  url: string,
): Promise<number | undefined> {
  const { out } = session;
  const invite = parseInvite(options.invite);
  const programme = await out.during(
    'Reading the programme',
    readProgramme(requireUrl(url), invite.fingerprint),
  );
  for (const line of programmeLines(programme)) out.note(line);
  const agreed = options.accept || (await session.confirm('Do you consent to this?', '--accept'));
  if (!agreed) {
    out.print({ joined: false }, [
      'You have not joined. Nothing was sent and nothing is captured.',
    ]);
    return 1;
  }
  const home = new Home(session.home);
  const device = await join(home, url, invite, options.name, programme);
  const manifest = programme.manifest?.payload.number ?? null;
  out.print(
    { joined: true, pseudonym: device.pseudonym, fingerprint: device.fingerprint, manifest },
    [
      `You take part as ${device.pseudonym}. Nothing is captured until you start the agent:`,
      '  handrail agent        record, visibly, what was listed above',
      '  handrail pause 30m    stop at once; also: forget 15m, withdraw',
    ],
  );
}

function requireUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new HandrailError(
    'usage.invalid',
    'Give the address that you were sent, such as http://127.0.0.1:8700.',
  );
}
