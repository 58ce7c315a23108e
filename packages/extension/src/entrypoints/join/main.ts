// Takes part from an invite: shows who asks and what is captured, and signs only what was shown.
import { parseInvite, programmeLines, readProgramme, requireApproved } from '@handrail/core/device';
import { HandrailError } from '@handrail/core/errors';
import { browser } from 'wxt/browser';
import type { Command } from '../../background/commands.ts';
import { clientOf } from '../../device/client.ts';
import { accept, join } from '../../device/enrol.ts';
import { Store } from '../../device/store.ts';
import { part } from '../../part.ts';

const form = part('ask') as HTMLFormElement;
const store = await Store.open();

async function show(): Promise<void> {
  const device = await store.device();
  const isJoined = device !== undefined && device.left === undefined;
  const given = new FormData(form);
  const text = (name: string) => String(given.get(name) ?? '').trim();
  const url = isJoined ? device.url : new URL(text('url')).origin;
  const invite = isJoined ? undefined : parseInvite(text('invite'));
  const fingerprint = invite?.fingerprint ?? device?.fingerprint ?? '';
  const programme = await readProgramme(clientOf(url, undefined), fingerprint);
  if (device?.manifest) await requireApproved(programme, device.manifest.payload.manifest);
  part('notice').textContent = programmeLines(programme).join('\n');
  part('shown').hidden = false;
  part('accept').onclick = () =>
    tell(async () => {
      if (invite) await join(store, { url, invite, name: text('name') }, programme);
      else if (device) await accept(store, device, programme);
      await browser.runtime.sendMessage({ kind: 'changed' } satisfies Command);
      part('shown').hidden = true;
      return 'You take part. The sign of the extension says when it records.';
    });
}

async function tell(work: () => Promise<string>): Promise<void> {
  part('answer').textContent = '';
  const said = await work().catch((cause: unknown) => {
    return cause instanceof HandrailError ? cause.message : 'This did not work: try again.';
  });
  part('answer').textContent = said;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void tell(() => show().then(() => ''));
});
const before = await store.device();
if (before && before.left === undefined) {
  form.hidden = true;
  await tell(() => show().then(() => ''));
}
