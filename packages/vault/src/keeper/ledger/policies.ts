// The policies that this keeper decides by: those that come with its own code, checked whole.
import { readFile } from 'node:fs/promises';
import { loadPolicies, type Policies, readBundle } from '@handrail/policy/bundle';

/** Throws `usage.invalid` for policies that are not sound. */
export async function openPolicies(): Promise<Policies> {
  return loadPolicies(await readBundle((file) => readFile(file, 'utf8')));
}
