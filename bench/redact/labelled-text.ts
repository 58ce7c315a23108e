// Texts with spans that are to be covered, and how redaction does on them: a span counts when nine
// tenths of its letters and digits are covered; over-masking is the share of those outside spans.
import { findInText } from '@handrail/core/redact';

export interface Span {
  readonly type: string;
  /** UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

export interface LabelledText {
  readonly text: string;
  readonly spans: readonly Span[];
  /** Texts of one template belong together when half of a set is held out. */
  readonly template: number;
}

export interface Score {
  readonly spans: number;
  readonly recall: number;
  readonly overMasked: number;
  readonly recallByType: Readonly<Record<string, number>>;
}

const coveredMin = 0.9;
const counts = /[\p{L}\p{N}]/u;

export function scoreOf(texts: readonly LabelledText[]): Score {
  const types = new Map<string, { spans: number; covered: number }>();
  let outside = 0;
  let over = 0;
  for (const { text, spans } of texts) {
    const masked = marks(text, findInText(text));
    const personal = marks(text, spans);
    for (const span of spans) {
      const type = types.get(span.type) ?? { spans: 0, covered: 0 };
      type.spans += 1;
      if (shareCovered(text, masked, span) >= coveredMin) type.covered += 1;
      types.set(span.type, type);
    }
    for (let at = 0; at < text.length; at++) {
      if (personal[at] || !counts.test(text.charAt(at))) continue;
      outside += 1;
      if (masked[at]) over += 1;
    }
  }
  const all = [...types.values()];
  const sum = (of: (type: (typeof all)[number]) => number): number =>
    all.reduce((total, type) => total + of(type), 0);
  const spans = sum((type) => type.spans);
  return {
    spans,
    recall: sum((type) => type.covered) / spans,
    overMasked: over / outside,
    recallByType: Object.fromEntries(
      [...types].map(([type, { spans: every, covered }]) => [type, covered / every]),
    ),
  };
}

function marks(text: string, spans: readonly { start: number; end: number }[]): Uint8Array {
  const marked = new Uint8Array(text.length);
  for (const { start, end } of spans) marked.fill(1, start, end);
  return marked;
}

function shareCovered(text: string, masked: Uint8Array, { start, end }: Span): number {
  let all = 0;
  let covered = 0;
  for (let at = start; at < end; at++) {
    if (!counts.test(text.charAt(at))) continue;
    all += 1;
    covered += masked[at] ?? 0;
  }
  return all === 0 ? 1 : covered / all;
}
