// Starts the agent of one home, and only one: a second one, or one whose owner has withdrawn, is
// refused.
import { readFile } from 'node:fs/promises';
import { fromBase64url } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { loadRecogniser, loadWords, useRecogniser } from '@handrail/core/redact';
import { signerFromSeed } from '@handrail/core/seal';
import { Agent } from './agent-life.ts';
import { askStatus } from './control/client.ts';
import { tellLeaving } from './enrol/withdraw.ts';
import { clientOf } from './home/client.ts';
import type { Home } from './home/home.ts';
import { Outbox } from './outbox.ts';
import './recorder/redaction-sources.ts';
import { loadWordsApart } from './recorder/words-apart.ts';

export interface AgentOptions {
  readonly home: Home;
  readonly display: string | undefined;
  readonly sessionBus: string | undefined;
  /** Address of the system's message bus, which knows of battery and line. */
  readonly systemBus: string | undefined;
  /** Injected input counts: the display is a virtual one, which every header then says. */
  readonly virtualDisplay: boolean;
  readonly reviewWindowMs: number;
  /** A WebAssembly module that finds more names, and the SHA-256 (hex) that it must have. */
  readonly model?: { readonly file: string; readonly sha256: string } | undefined;
  readonly onState: (line: { readonly state: string; readonly reason: string | null }) => void;
  /** Ends the agent: what was recorded is sealed and what is due is handed in. */
  readonly signal: AbortSignal;
}

/** Runs until `signal`. Gives how many due segments are still here. Throws `state.conflict`, … */
export async function runAgent(options: AgentOptions): Promise<{ readonly dueLeft: number }> {
  if (options.model) await useModel(options.model);
  if ((await askStatus(options.home)) !== undefined) {
    throw new HandrailError('state.conflict', 'An agent is already running for this home.');
  }
  const device = await options.home.device();
  if (device.withdrawn) {
    await tellLeaving(options.home);
    throw new HandrailError('state.conflict', 'You have withdrawn: join again to take part.');
  }
  // Before anything is captured: loading takes a while, and without the lists nothing may be kept.
  await loadWordsApart();
  loadWords();
  // What starting up left behind would stay for as long as little else is left behind.
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const signer = await signerFromSeed(fromBase64url(device.signingSeed));
  const client = clientOf(device.url, signer);
  const outbox = await Outbox.open(options.home, client);
  const agent = new Agent(options, device, client, outbox, signer);
  return agent.run();
}

/** Throws `usage.invalid` where it cannot be read, `redaction.failed` where it is another one. */
async function useModel({ file, sha256 }: NonNullable<AgentOptions['model']>): Promise<void> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new HandrailError('usage.invalid', `The model ${file} cannot be read.`, { cause });
  });
  useRecogniser(await loadRecogniser(bytes, sha256));
}
