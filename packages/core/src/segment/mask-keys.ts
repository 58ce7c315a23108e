// Keys that make no text are kept by their names. Where a context keeps less than all text, a key
// of one character may be text after all, and its name stands in shortcuts only.
import type { CapturedEvent } from '../events/index.ts';
import type { RuleOf } from '../redact/index.ts';
import { withContexts } from './texts.ts';

/** What stands for a key of one character. */
export const maskedKey = 'character';

const shortcutKeys: ReadonlySet<string> = new Set(['ctrl', 'alt', 'meta']);

export function maskKeys(events: readonly CapturedEvent[], ruleOf: RuleOf): CapturedEvent[] {
  const held = new Set<string>();
  const shown = new Set<string>();
  return withContexts(events).map(({ event, context }) => {
    if (event.kind !== 'key') return event;
    const { key, down } = event;
    if (shortcutKeys.has(key) && down) held.add(key);
    if (!down) held.delete(key);
    if ([...key].length > 1 || ruleOf(context).mode === 'full') return event;
    if (down && held.size > 0) shown.add(key);
    const isShown = shown.has(key);
    if (!down) shown.delete(key);
    return isShown ? event : { ...event, key: maskedKey };
  });
}
