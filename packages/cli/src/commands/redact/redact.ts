// `redact`: one answer per line of standard input, in its order. A line that is no request ends it,
// named by its number and never by its content.
import { readFile } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import { loadRecogniser, redactedValue, redactText, useRecogniser } from '@handrail/core/redact';
import { z } from 'zod';
import type { Session } from '../../session.ts';
import { inputLines } from './input-lines.ts';
import './redaction-sources.ts';

const requestSchema = z.object({
  id: z.union([z.string(), z.number()]),
  text: z.string(),
});

export interface RedactOptions {
  readonly model?: string;
  readonly sha256?: string;
}

export async function run({ out }: Session, { model, sha256 }: RedactOptions): Promise<undefined> {
  if (model !== undefined) {
    useRecogniser(await loadRecogniser(await readFile(model), sha256 ?? ''));
  }
  let number = 0;
  for await (const line of inputLines(process.stdin)) {
    number += 1;
    if (line.trim() === '') continue;
    const { id, text } = requestOf(line, number);
    const { findings, redacted } = redactText(text);
    const shown = redactedValue(redacted);
    out.print({ id, findings, redacted: shown }, [`${id}\t${findings.length}\t${shown}`]);
  }
}

function requestOf(line: string, number: number): z.infer<typeof requestSchema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  const parsed = requestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HandrailError('input.invalid', `Line ${number} is not {"id","text"}: correct it.`);
}
