// `agent`: prints a line per change of state; SIGTERM seals, uploads what is due, and says with its
// exit code whether anything due is still here.
import { runAgent } from '@handrail/agent/agent';
import { Home } from '@handrail/agent/home/home';
import { desktop } from '../../config.ts';
import type { Session } from '../../session.ts';
import type { AgentOptions } from './command.ts';

const words: Readonly<Record<string, string>> = {
  recording: 'Recording. Pause with: handrail pause 30m',
  paused: 'Paused: nothing is captured.',
  waiting: 'Waiting: nothing is captured yet.',
  off: 'Off: nothing is captured.',
  halted: 'Halted by the programme: nothing is captured.',
  budget: 'Over budget: nothing is captured for now.',
  withdrawn: 'You have withdrawn: nothing is captured.',
};

export async function run(session: Session, options: AgentOptions): Promise<number> {
  const { out } = session;
  const { display, sessionBus, systemBus } = desktop();
  const { dueLeft } = await runAgent({
    home: new Home(session.home),
    display: options.display ?? display,
    virtualDisplay: options.virtualDisplay === true,
    reviewWindowMs: options.reviewWindow,
    model: modelOf(options),
    sessionBus,
    systemBus,
    onState: (line) => {
      const why = line.reason === null ? '' : ` (${line.reason})`;
      out.print(line, [`${words[line.state] ?? line.state}${why}`]);
    },
    signal: session.stopSignal(),
  });
  if (dueLeft === 0) return 0;
  out.note(`${dueLeft} segments are sealed here and not yet sent: start the agent again.`);
  return 3;
}

function modelOf({ model: file, sha256 = '' }: AgentOptions) {
  return file === undefined ? undefined : { file, sha256 };
}
