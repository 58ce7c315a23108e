// The whole agent in a process of its own, without the command line around it:
// `agent-process.ts HOME DISPLAY SESSION_BUS`. One JSON line per change of state.
import { runAgent } from '@handrail/agent/agent';
import { Home } from '@handrail/agent/home/home';

const [home = '', display = '', sessionBus = ''] = process.argv.slice(2);
const ending = new AbortController();
process.once('SIGTERM', () => ending.abort());
const { dueLeft } = await runAgent({
  home: new Home(home),
  display,
  sessionBus,
  virtualDisplay: true,
  reviewWindowMs: 0,
  onState: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
  signal: ending.signal,
});
process.exitCode = dueLeft === 0 ? 0 : 3;
