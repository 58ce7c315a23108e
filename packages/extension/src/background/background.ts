// Puts the background together and starts it with every event that wakes the service worker. What
// is captured is in memory until it is sealed; a worker that is ended loses it, and nothing else.
import { HandrailError } from '@handrail/core/errors';
import { type Browser, browser } from 'wxt/browser';
import { Store } from '../device/store.ts';
import type { Command } from './commands.ts';
import { Life } from './life.ts';
import { prepareRedaction } from './redaction.ts';

const alarm = 'refresh';

export function startBackground(): void {
  const life = start();
  life.catch(() => undefined);
  browser.runtime.onConnect.addListener((port) => {
    life.then((started) => started.pages.connect(port)).catch(() => port.disconnect());
  });
  browser.runtime.onMessage.addListener((command: Command, sender, answer) => {
    if (!isOwnPage(sender)) return false;
    life
      .then((started) => started.obey(command))
      .then(answer, (cause: unknown) => answer({ error: codeOf(cause) }));
    return true;
  });
  browser.alarms.onAlarm.addListener(() => {
    life.then((started) => started.refresh()).catch(() => undefined);
  });
  void browser.alarms.create(alarm, { periodInMinutes: 1 });
}

async function start(): Promise<Life> {
  const [store] = await Promise.all([Store.open(), prepareRedaction()]);
  return Life.start(store);
}

/** A script in somebody's page may tell what it sees, and ask for nothing. */
function isOwnPage({ id, url }: Browser.runtime.MessageSender): boolean {
  return id === browser.runtime.id && url?.startsWith(`${location.origin}/`) === true;
}

function codeOf(cause: unknown): string {
  return cause instanceof HandrailError ? cause.code : 'internal';
}
