// The policies that this server decides by: those that come with its code, checked whole.
import { readFile } from 'node:fs/promises';
import { loadPolicies, type Policies, readBundle } from '@handrail/policy/bundle';

export type ReadPolicy = (file: URL) => Promise<string>;

/** Throws `usage.invalid` for policies that are not sound. */
export async function openPolicies(read: ReadPolicy = fromCode): Promise<Policies> {
  return loadPolicies(await readBundle(read));
}

function fromCode(file: URL): Promise<string> {
  return readFile(file, 'utf8');
}
