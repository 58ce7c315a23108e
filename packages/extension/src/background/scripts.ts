// In which pages a script runs at all: those of the origins that the manifest in force names for
// this browser. Everywhere else there is none.
import { contextOf } from '@handrail/core/gate';
import type { ManifestFile } from '@handrail/core/statement';
import { browser } from 'wxt/browser';

const id = 'page';
const appsOfBrands: Readonly<Record<string, string>> = {
  'Google Chrome': 'google-chrome',
  'Microsoft Edge': 'microsoft-edge',
  Brave: 'brave-browser',
  Chromium: 'chromium',
};

interface Branded {
  readonly userAgentData?: { readonly brands: readonly { readonly brand: string }[] };
}

/** What manifests call this browser: the class of its windows. */
export function ownApp(): string {
  const brands = (navigator as Branded).userAgentData?.brands.map(({ brand }) => brand) ?? [];
  const known = Object.keys(appsOfBrands).find((brand) => brands.includes(brand));
  return (known && appsOfBrands[known]) ?? 'unknown';
}

/** Origins that are named; a context that names none is for desktops. */
export function originsOf(manifest: ManifestFile | undefined, app: string): readonly string[] {
  const named = manifest?.contexts.flatMap(({ origin }) => origin ?? []) ?? [];
  const isCaptured = (origin: string) =>
    manifest !== undefined && contextOf(manifest, { app, origin }) !== undefined;
  return [...new Set(named)].filter(isCaptured);
}

/** Runs in pages that are opened from now on, and in those that are open. */
export async function runScriptsAt(origins: readonly string[]): Promise<void> {
  const [known] = await browser.scripting.getRegisteredContentScripts({ ids: [id] });
  const matches = origins.map((origin) => `${origin}/*`);
  if (known?.matches?.join() === matches.join()) return;
  if (known) await browser.scripting.unregisterContentScripts({ ids: [id] });
  if (matches.length === 0) return;
  const js = ['content-scripts/page.js'];
  const script = { id, js, matches, runAt: 'document_start' as const, allFrames: false };
  await browser.scripting.registerContentScripts([script]);
  const open = await browser.tabs.query({ url: matches });
  const ids = open.flatMap((tab) => tab.id ?? []);
  await Promise.allSettled(
    ids.map((tabId) => browser.scripting.executeScript({ target: { tabId }, files: js })),
  );
}
