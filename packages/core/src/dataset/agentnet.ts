// A trajectory as one line of AgentNet's JSONL, with its exact actions under `handrail` and its
// images under `frames`, so that a line stands alone and can be replayed.
import { z } from 'zod';
import { concatBytes, utf8 } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import { shaped } from '../segment/unpack.ts';
import { idSchema } from '../statement/index.ts';
import { agentnetCode, agentnetSentence } from './agentnet-code.ts';
import { toBase64Bytes } from './base64-bytes.ts';
import { factsOf } from './codec.ts';
import {
  actionsPerTrajectoryMax,
  instructionCharsMax,
  type Trajectory,
  trajectoryFactsOnlySchema,
} from './trajectory.ts';

/** What AgentNet's own fields cannot say; `handrail` in the same line can. */
export const agentnetLosses: readonly string[] = [
  'coordinates are shares of the display, rounded to four decimals',
  'times, frame ages and event numbers',
  'the path of a drag or move between its ends',
  'how long a long press was held',
  'fractions of wheel steps',
  'the count of clicks of other buttons than left, and of drags',
  'no thoughts, reflections, scores or judgement of success: nobody gave any',
];

const exactSchema = trajectoryFactsOnlySchema.omit({
  ...({ id: true, pseudonym: true, instruction: true } as const),
  ...({ startedAtMs: true, endedAtMs: true } as const),
});

const lineSchema = z.strictObject({
  /** The trajectory's id; `handrail replay --row` takes it. */
  task_id: idSchema('traj'),
  instruction: z.string().max(instructionCharsMax),
  traj: z
    .array(
      z.strictObject({
        index: z.int().min(0),
        /** A key of `frames`, or null. */
        image: z.string().max(100).nullable(),
        value: z.strictObject({ action: z.string(), code: z.string() }),
      }),
    )
    .max(actionsPerTrajectoryMax),
  /** Everything exact; times are seconds since the trajectory's start. */
  handrail: exactSchema,
  /** `<frame id>.webp` -> base64. */
  frames: z.record(z.string().max(100), z.string()),
});
export type AgentnetLine = z.infer<typeof lineSchema>;

/** UTF-8 of one line with its newline. */
export function agentnetLine(trajectory: Trajectory): Uint8Array {
  const {
    id,
    pseudonym: _,
    instruction,
    startedAtMs: _s,
    endedAtMs: _e,
    ...exact
  } = factsOf(trajectory);
  const displays = new Map(trajectory.displays.map((display) => [display.epoch, display]));
  const traj = trajectory.actions.map((action, index) => ({
    index,
    image: action.frame === null ? null : imageName(action.frame),
    value: {
      action: agentnetSentence(action),
      code: agentnetCode(action, displays.get(action.displayEpoch ?? 0)),
    },
  }));
  const head = JSON.stringify({ task_id: id, instruction, traj, handrail: exact });
  const parts: Uint8Array[] = [utf8(`${head.slice(0, -1)},"frames":{`)];
  for (const [at, frame] of trajectory.frames.entries()) {
    parts.push(utf8(`${at === 0 ? '' : ','}"${imageName(frame.id)}":"`));
    parts.push(toBase64Bytes(frame.image), utf8('"'));
  }
  return concatBytes(...parts, utf8('}}\n'));
}

/** Reads one line as `agentnetLine` writes it. Throws `input.invalid` for any other. */
export function parseAgentnetLine(text: string): AgentnetLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HandrailError('input.invalid', 'The line is not JSON.', { cause });
  }
  return shaped('line', lineSchema, value);
}

export function imageName(frame: string): string {
  return `${frame}.webp`;
}
