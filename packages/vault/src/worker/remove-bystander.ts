// Takes somebody who never joined out of trajectories: what a sealed request seeks is replaced in
// every text and filled in every frame. What it seeks is read here, and never told to anybody.
import { parseRequest, requestAad } from '@handrail/core/bystander';
import { parseTrajectory, sealTrajectory, type Trajectory } from '@handrail/core/dataset';
import { openBulk } from '@handrail/core/open';
import { placesOf, signsInValue } from '@handrail/core/pixels';
import { openEngine } from './ocr/engine.ts';
import { openTrajectory } from './open-sealed.ts';
import { removeFromFrames } from './pixels/remove-from-frames.ts';
import type { BystanderTask, WorkerResult } from './task.ts';

/** Stands for what was sought, whatever it was. */
export const removedMark = '[removed]';

export async function removeBystander(task: BystanderTask): Promise<WorkerResult> {
  const values = await valuesOf(task);
  if (values === undefined) return { kind: 'refused', reason: 'request-unsound' };
  await using engine = openEngine(task.ocr);
  const made = [];
  for (const { id, bytes, contentKey, next } of task.inputs) {
    const trajectory = await openTrajectory(bytes, contentKey);
    const fromTexts = removeFromTexts(trajectory, values);
    const clean = await removeFromFrames(fromTexts ?? trajectory, values, engine);
    const changed = clean ?? fromTexts;
    if (changed === undefined) continue;
    const header = { ...parseTrajectory(bytes).header, trajectory: next };
    made.push({ id, ...(await sealTrajectory(header, { ...changed, id: next })) });
  }
  return { kind: 'remove-bystander', made };
}

/** As they are looked for; undefined where the request is of another form or seeks too much. */
async function valuesOf({ request }: BystanderTask): Promise<readonly string[] | undefined> {
  const { box, contentKey, programme } = request;
  const sought = parseRequest(await openBulk(contentKey, requestAad(programme), box));
  return sought && [...new Set(sought.map(signsInValue))];
}

/** Undefined where nothing stands in them. */
function removeFromTexts(trajectory: Trajectory, values: readonly string[]) {
  const instruction = without(trajectory.instruction, values);
  const actions = trajectory.actions.map((action) => {
    const text = action.text === undefined ? undefined : without(action.text, values);
    return text === undefined ? action : { ...action, text };
  });
  const isSame = actions.every((action, at) => action === trajectory.actions[at]);
  if (instruction === undefined && isSame) return undefined;
  return { ...trajectory, instruction: instruction ?? trajectory.instruction, actions };
}

function without(text: string, values: readonly string[]): string | undefined {
  const places = placesOf(text, values);
  if (places.length === 0) return undefined;
  let out = '';
  let from = 0;
  for (const { start, end } of places) {
    out += text.slice(from, start) + removedMark;
    from = end;
  }
  // A mark may be longer than what it stands for: texts that are full lose their end.
  return (out + text.slice(from)).slice(0, text.length + removedMark.length);
}
