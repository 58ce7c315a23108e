import { expect, test } from 'vitest';
import { newSigningSeed, signerFromSeed } from '../seal/index.ts';
import {
  type ManifestFile,
  type ManifestStatement,
  manifestHash,
  sign,
} from '../statement/index.ts';
import { inForce } from './in-force.ts';

const editor = { app: 'editor', mode: 'full' } as const;
const mail = { app: 'mail', mode: 'full' } as const;

async function signed(number: number, contexts: ManifestFile['contexts']) {
  const manifest: ManifestFile = { version: 1, signals: ['key'], contexts };
  const payload: ManifestStatement = {
    v: 1,
    kind: 'manifest',
    programme: 'prog_00000000000000000000000000',
    number,
    at: '2026-11-23T00:00:00Z',
    manifest,
  };
  return sign(payload, await signerFromSeed(newSigningSeed()));
}

test('a narrower manifest holds at once, a wider one waits to be accepted', async () => {
  const accepted = await signed(2, [editor, mail]);
  const narrower = await signed(3, [editor]);
  const wider = await signed(4, [editor, mail, { app: 'bank', mode: 'full' }]);
  const of = (shown: typeof accepted | null | undefined) => inForce({ manifest: accepted }, shown);
  expect(of(accepted)).toEqual({ manifest: accepted, pending: undefined });
  expect(of(narrower)).toEqual({ manifest: narrower, pending: undefined });
  expect(of(wider)).toEqual({ manifest: accepted, pending: manifestHash(wider.payload) });
  expect(of(undefined)).toEqual({ manifest: accepted, pending: undefined });
  expect(inForce({ manifest: null }, accepted)).toBeUndefined();
});
