// How the extension is built: one folder that Chromium loads, with the word lists as one table.
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useSources, wordBytes } from '@handrail/core/redact';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { defineConfig } from 'wxt';

// The rules for secrets want one function of a file system's names; they are shown no files here.
const fileNames = {
  name: 'file-names',
  enforce: 'pre' as const,
  resolveId: (id: string) => (id === 'node:path' ? '\0file-names' : undefined),
  load: (id: string) =>
    id === '\0file-names'
      ? 'export default { basename: (path) => path.slice(path.lastIndexOf("/") + 1) };'
      : undefined,
};

export default defineConfig({
  srcDir: 'src',
  outDir: 'dist/browser',
  imports: false,
  manifestVersion: 3,
  manifest: {
    name: 'Handrail',
    description: 'Records what you do on the pages that you agreed to, for your organisation.',
    minimum_chrome_version: '137',
    incognito: 'not_allowed',
    permissions: ['alarms', 'scripting'],
    // Scripts are registered for the origins of the accepted manifest, and for no others.
    host_permissions: ['http://*/*', 'https://*/*'],
    action: { default_title: 'Handrail: off' },
  },
  vite: () => ({ plugins: [fileNames] }),
  hooks: {
    'build:done': async (wxt) => {
      useSources({ readFile: (address) => readFileSync(new URL(address)), secretRules: rules });
      await mkdir(wxt.config.outDir, { recursive: true });
      await writeFile(join(wxt.config.outDir, 'words.bin'), wordBytes());
    },
  },
});
