// A result as one JSON line for programs, or as aligned lines for people.
import type { BenchResult } from './bench.ts';

export function printed(result: BenchResult, asJson: boolean): string {
  if (asJson) return `${JSON.stringify({ name: result.name, figures: result.figures })}\n`;
  const rows = Object.entries(result.figures);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return [result.name, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${shown(value)}`)]
    .map((line) => `${line}\n`)
    .join('');
}

function shown(value: number | string): string {
  if (typeof value === 'string' || Number.isInteger(value)) return String(value);
  return value.toPrecision(4);
}
