// Which objects the vault may read and make. Nothing is ever replaced.
import { parseTrajectory } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { isId } from '@handrail/core/ids';
import type { ServerContext } from '../context.ts';
import type { Database } from '../storage/database.ts';
import { newestListFact } from './fact.ts';
import { notFound } from './mine.ts';

const namePattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

const listPrefix = 'lists/';
const listsKept = 2;
const numberPattern = /^[1-9]\d{0,8}$/;
const digestPattern = /^[0-9a-f]{64}$/;

/** What the vault makes. Lists of releases and tombstones are signed, and for everybody. */
const made = ['trajectories', 'releases', 'results', 'lists', 'tombstones'] as const;
const writable = [...made, 'openings', 'tagkeys'] as const;
type Kind = 'segments' | 'bystanders' | (typeof writable)[number];
const readable: readonly Kind[] = ['segments', 'bystanders', ...made];

export async function readObject({ objects }: ServerContext, key: string): Promise<Uint8Array> {
  requireKind(key, readable);
  const bytes = await objects.get(key);
  if (bytes === undefined) throw notFound();
  return bytes;
}

/** The same bytes under the same key again are fine. Throws `state.conflict` for others. */
export async function writeObject(
  context: ServerContext,
  key: string,
  bytes: Uint8Array,
): Promise<void> {
  const { objects } = context;
  requireKind(key, writable);
  if (key.startsWith('trajectories/')) await requireOpen(context.db, bytes);
  const outcome = await objects.put(key, bytes);
  if (key.startsWith(listPrefix)) await rememberList(context, key);
  if (outcome === 'created') return;
  const there = await objects.get(key);
  if (there && Buffer.compare(there, bytes) === 0) return;
  throw new HandrailError('state.conflict', 'Another object has this key.');
}

/** The newest list; undefined before the first. */
export async function newestList({ db, objects }: ServerContext): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('fact')
    .select('value')
    .where('name', '=', newestListFact)
    .executeTakeFirst();
  return row && objects.get(`${listPrefix}${row.value}`);
}

/** Lists only grow: the newest is kept, and the one before it for who is just reading it. */
async function rememberList({ facts, objects }: ServerContext, key: string): Promise<void> {
  const number = Number(key.slice(listPrefix.length));
  await facts.record({ kind: 'release-list', number });
  if (number > listsKept) await objects.delete(`${listPrefix}${number - listsKept}`);
}

/** A job that was under way when somebody left stores nothing more of theirs. */
async function requireOpen(db: Database, bytes: Uint8Array): Promise<void> {
  const owner = trajectoryOwner(bytes);
  if (owner === undefined) return;
  const row = await db
    .selectFrom('participant')
    .select('left_epoch')
    .where('pseudonym', '=', owner.pseudonym)
    .executeTakeFirst();
  if (owner.consentEpoch > (row?.left_epoch ?? 0)) return;
  throw new HandrailError('keys.destroyed', 'They have withdrawn.');
}

function trajectoryOwner(bytes: Uint8Array) {
  try {
    return parseTrajectory(bytes).header;
  } catch {
    return undefined;
  }
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
      (known === 'results' && namePattern.test(id) && name === undefined) ||
      (known === 'lists' && numberPattern.test(id) && name === undefined) ||
      (known === 'bystanders' && digestPattern.test(id) && name === undefined) ||
      (known === 'tombstones' && digestPattern.test(id) && name === undefined));
  if (!fits) throw new HandrailError('input.invalid', 'Give an object key such as segments/ID.');
}
