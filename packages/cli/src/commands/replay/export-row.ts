// Finds one trajectory in an opened AgentNet export: lines are read one at a time, for they hold
// pictures, and only the one that was asked for is parsed.
import { createReadStream } from 'node:fs';
import { HandrailError } from '@handrail/core/errors';
import { z } from 'zod';

const lineBytesMax = 256 * 1024 * 1024;
const actionsMax = 10_000;

const pixel = z.int().min(-1_000_000).max(1_000_000);
const name = z.string().min(1).max(40);
const button = z.enum(['left', 'middle', 'right', 'back', 'forward']);

const replayActionSchema = z.object({
  kind: z.enum(['click', 'long_press', 'drag', 'scroll', 'type', 'key', 'hotkey', 'move']),
  button: button.optional(),
  modifiers: z.array(name).max(10).optional(),
  x: pixel.optional(),
  y: pixel.optional(),
  path: z
    .array(z.tuple([pixel, pixel, z.number()]))
    .max(200_000)
    .optional(),
  text: z.string().max(1_000_000).optional(),
  keys: z.array(name).max(10).optional(),
  dx: z.number().optional(),
  dy: z.number().optional(),
  count: z.int().min(1).max(3).optional(),
  startedAt: z.number(),
  endedAt: z.number(),
});
export type ReplayAction = z.infer<typeof replayActionSchema>;

const rowSchema = z.object({
  task_id: z.string(),
  handrail: z.object({ actions: z.array(replayActionSchema).max(actionsMax) }),
});

/** The actions of row `id`. Throws `not.found`, `format.unknown`, `input.too-large`. */
export async function readRow(path: string, id: string): Promise<readonly ReplayAction[]> {
  const mark = Buffer.from(JSON.stringify({ task_id: id }).slice(1, -1));
  for await (const line of linesOf(path)) {
    if (!line.includes(mark)) continue;
    const row = rowSchema.safeParse(parse(line));
    if (row.success && row.data.task_id === id) return row.data.handrail.actions;
    if (!row.success) {
      throw new HandrailError('format.unknown', `${path} is no AgentNet export of this version.`);
    }
  }
  throw new HandrailError('not.found', `${path} has no row ${id}: look at its task_id fields.`);
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}

async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let held = 0;
  for await (const chunk of createReadStream(path)) {
    let rest = chunk as Buffer;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      yield Buffer.concat([...parts, rest.subarray(0, end)]);
      parts = [];
      held = 0;
      rest = rest.subarray(end + 1);
    }
    parts.push(rest);
    held += rest.length;
    if (held > lineBytesMax)
      throw new HandrailError('input.too-large', `A line of ${path} is too long.`);
  }
  if (held > 0) yield Buffer.concat(parts);
}
