// `reduce`: one action per line, as JSON or in words. Rejected lines are counted on standard error.
import { type Action, actionJson, reduce } from '@handrail/core/action';
import { parseLog } from '@handrail/core/import';
import { readRecording } from '../../home/recording.ts';
import type { Session } from '../../session.ts';
import type { ReduceOptions } from './command.ts';

const linesPerWrite = 1_000;

export async function run(
  { out }: Session,
  { format }: ReduceOptions,
  file = '',
): Promise<undefined> {
  const { bytes, screen } = await readRecording(file);
  const { events, rejected } = parseLog(bytes, format, screen);
  const actions = reduce(events);
  for (let at = 0; at < actions.length; at += linesPerWrite) {
    const lines = actions.slice(at, at + linesPerWrite).map(out.json ? actionJson : actionWords);
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  if (rejected.length === 0) return;
  const counts = new Map<string, number>();
  for (const { reason } of rejected) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const words = [...counts].map(([reason, count]) => `${reason} ${count}`).join(', ');
  out.note(`${rejected.length} lines rejected: ${words}.`);
}

function actionWords(action: Action): string {
  const { kind, button, modifiers = [], x, y, text, keys, dx, dy, count, events } = action;
  const parts = [
    `${action.startedAt.toFixed(3)} ${kind}`,
    ...(modifiers.length > 0 ? [`${modifiers.join('+')}+`] : []),
    ...(button === undefined ? [] : [button]),
    ...(count === undefined || count === 1 ? [] : [`x${count}`]),
    ...(x === undefined ? [] : [`at ${x},${y}`]),
    ...(text === undefined ? [] : [JSON.stringify(text)]),
    ...(keys === undefined ? [] : [keys.join('+')]),
    ...(dx === undefined && dy === undefined ? [] : [`by ${dx ?? 0},${dy ?? 0}`]),
  ];
  return `${parts.join(' ')} (events ${events[0]}-${events[1]})`;
}
