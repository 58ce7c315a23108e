// What a rule for the keys of one family of services is made of, and made-up bodies for examples.
import type { RuleDraft } from '../rule.ts';

interface Shape {
  readonly id: string;
  readonly hints: readonly string[];
  readonly pattern: RegExp;
  readonly positive: readonly string[];
  readonly negative: readonly string[];
}

export function shapes(drafts: readonly Shape[]): readonly RuleDraft[] {
  return drafts.map((draft) => ({ class: 'secret', ...draft }));
}

/** Bodies that stand in for keys in examples: mixed, and 16, 32 and 64 hexadecimal digits. */
export const sample = {
  mixed: 'aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z',
  hex16: '3f9a1c7e5b2d8046',
  hex32: '3f9a1c7e5b2d8046'.repeat(2),
  hex64: '3f9a1c7e5b2d8046'.repeat(4),
} as const;
