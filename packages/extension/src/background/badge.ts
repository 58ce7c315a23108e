// The sign that is always there: it says what holds. Recording goes on only while it can be set.
import { browser } from 'wxt/browser';
import type { Standing } from './standing.ts';

const signs: Readonly<
  Record<Standing['state'], { readonly text: string; readonly color: string }>
> = {
  recording: { text: 'REC', color: '#b00020' },
  paused: { text: '||', color: '#555555' },
  waiting: { text: '…', color: '#555555' },
  off: { text: '', color: '#555555' },
};

/** True once the badge says it. */
export async function showBadge({ state, reason }: Standing): Promise<boolean> {
  const { text, color } = signs[state];
  try {
    await browser.action.setBadgeBackgroundColor({ color });
    await browser.action.setTitle({ title: `Handrail: ${state}, ${reason}` });
    await browser.action.setBadgeText({ text });
    return (await browser.action.getBadgeText({})) === text;
  } catch {
    return false;
  }
}
