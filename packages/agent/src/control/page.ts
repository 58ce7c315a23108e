// The local status page: the state in plain words, what was dropped and why, and how to stop.
import { becauseWords, stepWords, waitWords } from './budget-words.ts';
import type { AgentState, BudgetStatus, Status } from './protocol.ts';

const words: Readonly<Record<AgentState, string>> = {
  recording: 'Recording',
  paused: 'Paused: nothing is recorded',
  off: 'Off: nothing is recorded',
  halted: 'Halted by the programme: nothing is recorded',
  budget: 'Stopped to spare this computer: nothing is recorded',
  withdrawn: 'Withdrawn: nothing is recorded',
  waiting: 'Waiting: nothing is recorded yet',
};

export function statusPage(status: Status): string {
  const { state, reason, spool, segments, dropped, holds, notices, budget } = status;
  const drops = Object.entries(dropped);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width"><title>Handrail: ${words[state]}</title>
<style>${style}</style></head><body><main>
<h1><span class="dot ${state}" aria-hidden="true"></span>${words[state]}</h1>
${reason ? `<p>Because: ${escaped(reason)}.</p>` : ''}
<h2>On this computer</h2>
<p>${spool.segments} sealed segments wait here (${kilobytes(spool.bytes)}).</p>
${budget ? budgeted(budget) : ''}
<h2>Handed in</h2><p>${segments.accepted} accepted, ${segments.refined} refined,
${segments.quarantined} in quarantine, ${segments.rejected} rejected.</p>
${notices.map(noticed).join('')}
${holds.map(held).join('')}
<h2>Not recorded, and why</h2>${drops.length === 0 ? '<p>Nothing was dropped.</p>' : list(drops)}
<h2>You decide</h2><p><code>handrail pause 30m</code>, <code>handrail forget 15m</code>,
<code>handrail withdraw</code>: at once, without a reason, also without a network.</p>
</main></body></html>`;
}

function budgeted({ step, because, bytesToday, cpuPercent, uploadsWait, allowed }: BudgetStatus) {
  const spared =
    because === null ? '' : `${stepWords[step]}, because of ${becauseWords[because]}. `;
  const waits = uploadsWait === null ? '' : `Nothing is handed in: ${waitWords[uploadsWait]}.`;
  return `<p>${spared}Today ${kilobytes(bytesToday)} of ${kilobytes(allowed.bytesPerDayMax)},
${cpuPercent} % of one processor core of ${allowed.cpuPercentMax} %. ${waits}</p>`;
}

function noticed({ since, closing }: Status['notices'][number]): string {
  const exposed = closing === null ? 'It is being looked into.' : `Exposed: ${closing.exposed}`;
  return `<p>An incident may concern what you gave since ${escaped(since)}. ${escaped(exposed)}
See <code>handrail mine notices</code>.</p>`;
}

function held({ since, reason }: Status['holds'][number]): string {
  return `<p>Destruction waits for a legal hold since ${escaped(since)}: ${escaped(reason)}</p>`;
}

function list(drops: readonly (readonly [string, number])[]): string {
  const rows = drops.map(([why, count]) => `<tr><td>${escaped(why)}</td><td>${count}</td></tr>`);
  const head = '<thead><tr><th>Why</th><th>Events</th></tr></thead>';
  return `<table>${head}<tbody>${rows.join('')}</tbody></table>`;
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KB`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const style = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
main{max-width:40rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:1.5rem}
.dot{display:inline-block;width:.8em;height:.8em;border-radius:50%;margin-right:.5em}
.dot{background:#767676}
.dot.recording{background:#c62828}.dot.paused{background:#b26a00}
td,th{text-align:left;padding:.2rem 1.5rem .2rem 0}`;
