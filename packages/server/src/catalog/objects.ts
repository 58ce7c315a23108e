// Which objects the vault may read and make. Nothing is ever replaced.
import { HandrailError } from '@handrail/core/errors';
import { isId } from '@handrail/core/ids';
import type { ServerContext } from '../context.ts';
import { notFound } from './mine.ts';

const namePattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

type Kind = 'segments' | 'trajectories' | 'releases' | 'results' | 'openings' | 'tagkeys';
const readable: readonly Kind[] = ['segments', 'trajectories', 'releases', 'results'];
const writable: readonly Kind[] = ['trajectories', 'releases', 'results', 'openings', 'tagkeys'];

export async function readObject({ objects }: ServerContext, key: string): Promise<Uint8Array> {
  requireKind(key, readable);
  const bytes = await objects.get(key);
  if (bytes === undefined) throw notFound();
  return bytes;
}

/** The same bytes under the same key again are fine. Throws `state.conflict` for others. */
export async function writeObject(
  { objects }: ServerContext,
  key: string,
  bytes: Uint8Array,
): Promise<void> {
  requireKind(key, writable);
  if ((await objects.put(key, bytes)) === 'created') return;
  const there = await objects.get(key);
  if (there && Buffer.compare(there, bytes) === 0) return;
  throw new HandrailError('state.conflict', 'Another object has this key.');
}

function requireKind(key: string, kinds: readonly Kind[]): void {
  const [kind = '', id = '', name, ...more] = key.split('/');
  const known = kinds.find((one) => one === kind);
  const fits =
    more.length === 0 &&
    ((known === 'segments' && isId('seg', id) && name === undefined) ||
      (known === 'trajectories' && isId('traj', id) && name === undefined) ||
      (known === 'releases' && isId('rel', id) && name !== undefined && namePattern.test(name)) ||
      (known === 'openings' && isId('part', id) && name !== undefined && namePattern.test(name)) ||
      (known === 'tagkeys' && isId('part', id) && /^[1-9][0-9]{0,6}$/.test(name ?? '')) ||
      (known === 'results' && namePattern.test(id) && name === undefined));
  if (!fits) throw new HandrailError('input.invalid', 'Give an object key such as segments/ID.');
}
