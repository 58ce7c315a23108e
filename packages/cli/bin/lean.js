// The agent stays for days beside somebody's work: it takes little memory rather than little time.
// It starts anew, in the same process, with other settings and from code that was compiled before.
import { existsSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { environment, homeFolder } from './config.js';

/** A small young generation, collected by the thread that fills it; the agent may ask for more. */
const engine = ['--max-semi-space-size=4', '--single-threaded-gc', '--expose-gc'];
/** One heap for all threads of the C library: each would keep what it once needed. */
const library = { MALLOC_ARENA_MAX: '1' };

/** Does not come back where the command is the agent; does nothing for others. */
export async function startLean(main, args) {
  // Nobody else can write there: what lies in it is run.
  const home = homeFolder(args.includes('--home') ? args[args.indexOf('--home') + 1] : undefined);
  if (!args.includes('agent') || !existsSync(home) || process.execve === undefined) return;
  const compiled = join(home, 'compiled');
  if (!existsSync(compiled)) await compileInto(compiled);
  const words = [process.execPath, ...process.execArgv, ...engine, main, ...args];
  process.execve(process.execPath, words, {
    ...environment,
    ...library,
    NODE_COMPILE_CACHE: compiled,
  });
}

/** The first time, and once: what takes the types out of the sources takes 20 MiB to itself. */
async function compileInto(folder) {
  enableCompileCache(folder);
  await import('../src/program.ts');
  await import('../src/commands/agent/agent.ts');
  flushCompileCache();
}
