// The organisation: started, told what may be captured, and joined by one participant.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Mode } from '../canary/mode.ts';
import type { CommandLine, Running } from './command-line.ts';
import type { Walk } from './walk.ts';

const upSchema = z.object({
  url: z.string(),
  invite: z.string(),
  stewardHome: z.string(),
  officerHome: z.string(),
  researcherHome: z.string(),
  vaultHome: z.string(),
});
export interface Organisation extends z.infer<typeof upSchema> {
  /** Ends it; what it wrote stays. */
  readonly stop: () => Promise<number>;
}

/** k is 1: one participant is all there is here, and a release of one person says so. */
export async function startOrganisation({ line, folders, stack }: Walk): Promise<Organisation> {
  const args = ['up', '--data', folders.organisation, '--port', '0', '--k', '1'];
  const running: Running = stack.use(line.start(folders.participant, args));
  const told = upSchema.parse(await running.line('organisation', (answer) => 'invite' in answer));
  return { ...told, stop: () => running.stop() };
}

export async function agreeOnManifest(
  { line, folders, report }: Walk,
  { stewardHome, officerHome }: Organisation,
  { origin, mode }: { readonly origin: string; readonly mode: Mode },
): Promise<void> {
  const file = join(folders.given, 'manifest.json');
  const contexts = [
    { app: 'chromium', origin, mode },
    { app: 'mousepad', mode },
  ];
  const signals = ['key', 'pointer', 'window', 'focus', 'frame'];
  await writeFile(file, JSON.stringify({ version: 1, signals, contexts }));
  const set = await line.run(stewardHome, 'manifest', 'set', file);
  const id = String(set.id);
  const approved = await line.run(officerHome, 'manifest', 'approve', id);
  const states = `${set.state}, then ${approved.state}`;
  const ok = set.state === 'pending' && approved.state === 'active';
  report.check('what is captured takes two roles', ok, states);
}

export async function joinIn(
  line: CommandLine,
  home: string,
  { url, invite }: Organisation,
): Promise<void> {
  await line.run(home, 'join', url, '--invite', invite, '--name', 'Somebody', '--accept');
}
