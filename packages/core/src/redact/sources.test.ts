import { gzipSync } from 'fflate';
import { expect, test, vi } from 'vitest';

test('without its sources, redaction gives nothing at all', async () => {
  vi.resetModules();
  const { findAll, findInText, loadWords, redactText } = await import('./index.ts');
  const failed = expect.objectContaining({ code: 'redaction.failed' });
  expect(() => findInText('Jane Doe')).toThrow(failed);
  expect(() => redactText('nothing')).toThrow(failed);
  expect(() => loadWords()).toThrow(failed);
  const surfaces = [{ kind: 'text' as const, ref: 'a', text: 'b' }];
  expect(() => findAll({ surfaces })).toThrow(failed);
});

test('lists that cannot be read, or hold too little, are a failure', async () => {
  const secretRules = [{ meta: { id: 'a', type: 'scanner' }, create: () => ({}) }];
  const readers = [
    () => {
      throw new Error('no such file');
    },
    (address: string) => {
      const almostEmpty = new TextEncoder().encode('export from"../x.js"');
      return address.endsWith('.gz') ? gzipSync(almostEmpty) : almostEmpty;
    },
  ];
  for (const readFile of readers) {
    vi.resetModules();
    const { findInText, useSources } = await import('./index.ts');
    useSources({ readFile, secretRules });
    expect(() => findInText('Jane Doe')).toThrow(
      expect.objectContaining({ code: 'redaction.failed' }),
    );
  }
});

test('a preset without rules is refused', async () => {
  vi.resetModules();
  const { useSources } = await import('./index.ts');
  const readFile = () => new Uint8Array();
  expect(() => useSources({ readFile, secretRules: [] })).toThrow('name rules for secrets');
});
