// Runs the real command as a process of its own, as a person or a script does. For tests.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../bin/handrail.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `handrail ...args` to its end, without a terminal. */
export async function handrail(args: readonly string[], input = ''): Promise<Outcome> {
  const child = startHandrail(args);
  const stdout = textOf(child.stdout);
  const stderr = textOf(child.stderr);
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  const [code] = await once(child, 'exit');
  return { code, stdout: await stdout, stderr: await stderr };
}

export function startHandrail(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [launcher, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
}

/** What a command printed with --json, which must be one line of JSON and exit code 0. */
export async function handrailJson<T>(args: readonly string[], input = ''): Promise<T> {
  const { code, stdout, stderr } = await handrail([...args, '--json'], input);
  if (code !== 0) throw new Error(`handrail ${args.join(' ')}: exit ${code}, ${stderr}`);
  return JSON.parse(stdout) as T;
}

async function textOf(stream: AsyncIterable<Buffer> | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += chunk.toString('utf8');
  return text;
}
