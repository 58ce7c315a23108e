// What the popup asks of the background, and what it is told: no content either way.
import type { Standing } from './standing.ts';

export const spans = ['5m', '30m', 'today', 'forever'] as const;
export type PauseSpan = (typeof spans)[number];

export type Command =
  | { readonly kind: 'status' }
  | { readonly kind: 'pause'; readonly span: PauseSpan }
  | { readonly kind: 'resume' }
  /** Something was agreed to, or its participant has left. */
  | { readonly kind: 'changed' };

export interface Status extends Pick<Standing, 'state' | 'reason'> {
  readonly joined: boolean;
  readonly pausedUntilMs: number | null;
  /** Sealed segments that wait here. */
  readonly waiting: number;
  /** Wider terms or another manifest wait to be accepted. */
  readonly asks: boolean;
}

/** When a pause ends, Unix ms; null: when resumed. */
export function pauseEnd(span: PauseSpan, nowMs: number): number | null {
  if (span === 'forever') return null;
  if (span !== 'today') return nowMs + (span === '5m' ? 5 : 30) * 60_000;
  const midnight = new Date(nowMs);
  midnight.setHours(24, 0, 0, 0);
  return midnight.getTime();
}
