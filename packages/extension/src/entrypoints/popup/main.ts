// What holds at this moment, in words, and the switch that every participant has.
import { browser } from 'wxt/browser';
import type { Command, PauseSpan, Status } from '../../background/commands.ts';
import { leave } from '../../device/enrol.ts';
import { Store } from '../../device/store.ts';
import { part } from '../../part.ts';

const words: Readonly<Record<Status['state'], string>> = {
  recording: 'Recording',
  paused: 'Paused',
  waiting: 'Waiting',
  off: 'Off',
};

async function ask(command: Command): Promise<void> {
  const status: Status = await browser.runtime.sendMessage(command);
  const { state, reason, pausedUntilMs, waiting, joined, asks } = status;
  const until = pausedUntilMs === null ? '' : ` until ${new Date(pausedUntilMs).toLocaleString()}`;
  part('state').textContent = `${words[state]}: ${reason}${state === 'paused' ? until : ''}`;
  part('waiting').textContent = joined ? `${waiting} sealed segments wait here.` : '';
  part('pauses').hidden = !joined || state === 'paused';
  part('resume').hidden = state !== 'paused';
  part('leave').hidden = !joined;
  part('join').hidden = joined && !asks;
}

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-span]')) {
  const span = button.dataset.span as PauseSpan;
  button.addEventListener('click', () => void ask({ kind: 'pause', span }));
}
part('resume').addEventListener('click', () => void ask({ kind: 'resume' }));
part('leave').addEventListener('click', async () => {
  if (!confirm('Leave the programme? What you gave so far can then be read by nobody.')) return;
  await leave(await Store.open());
  await ask({ kind: 'changed' });
});
await ask({ kind: 'status' });
