// The participant looks at what was made of the recording: the vault opens it for its owner, and
// the opening is recorded like any other.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Walk } from './walk.ts';

const actionSchema = z.looseObject({
  kind: z.string(),
  frame: z.string().nullable(),
  frameAgeMs: z.number().nullable(),
});
const viewSchema = z.looseObject({
  id: z.string(),
  instruction: z.string(),
  actions: z.array(actionSchema),
  contexts: z.array(z.looseObject({ app: z.string() })),
  frames: z.array(z.object({ id: z.string(), file: z.string() })),
});
export type OwnTrajectory = z.infer<typeof viewSchema>;

const listSchema = z.object({ trajectories: z.array(z.looseObject({ id: z.string() })) });
const waitingSchema = z.object({
  segments: z.array(z.looseObject({ id: z.string(), reason: z.string() })),
});
const kindsWanted = ['click', 'drag', 'scroll', 'type', 'hotkey'];

export async function lookAtOwn({
  line,
  folders,
  report,
}: Walk): Promise<readonly OwnTrajectory[]> {
  const { participant, opened } = folders;
  const { trajectories } = listSchema.parse(await line.run(participant, 'mine', 'list'));
  const views: OwnTrajectory[] = [];
  for (const { id } of trajectories) {
    const to = join(opened, 'mine', id);
    const view = viewSchema.parse(await line.run(participant, 'mine', 'show', id, '--frames', to));
    await writeFile(join(opened, `${id}.json`), JSON.stringify(view), { mode: 0o600 });
    views.push(view);
  }
  report.figures.actions = views.flatMap((view) => view.actions).length;
  report.figures.trajectories = views.length;
  return views;
}

/** Opens what waits in quarantine as its owner may, so that it can be searched apart; says why. */
export async function lookAtQuarantine({ line, folders }: Walk): Promise<readonly string[]> {
  const { participant, quarantine } = folders;
  const { segments } = waitingSchema.parse(await line.run(participant, 'mine', 'quarantine'));
  for (const { id } of segments) {
    const to = join(quarantine, id);
    const view = await line.run(participant, 'mine', 'quarantine', 'show', id, '--frames', to);
    await writeFile(join(quarantine, `${id}.json`), JSON.stringify(view), { mode: 0o600 });
  }
  return segments.map(({ reason }) => reason);
}

/** That all that was done is there, each action with what was seen before it. */
export function checkOwn(
  report: Walk['report'],
  views: readonly OwnTrajectory[],
  instructions: readonly string[],
): void {
  const found = instructions.filter((text) => views.some((view) => view.instruction === text));
  const all = found.length === instructions.length;
  report.check('each task is a trajectory', all, `${found.length} of ${instructions.length}`);
  const actions = views.flatMap((view) => view.actions);
  const kinds = new Set(actions.map(({ kind }) => kind));
  const missing = kindsWanted.filter((kind) => !kinds.has(kind));
  const detail = missing.length === 0 ? [...kinds].sort().join(', ') : `no ${missing.join(', ')}`;
  report.check('every kind of action is there', missing.length === 0, detail);
  const paired = actions.filter(({ frame, frameAgeMs }) => frame !== null && (frameAgeMs ?? 0) > 0);
  const ok = actions.length > 0 && paired.length === actions.length;
  report.check(
    'each action has the frame from before it',
    ok,
    `${paired.length} of ${actions.length}`,
  );
}
