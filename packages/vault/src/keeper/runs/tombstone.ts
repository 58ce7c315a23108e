// What a release has lost, said so that whoever has its rows can find which, and nobody else can
// tell anything: not whose they were, and hardly how many.
import { toBase64url, utf8 } from '@handrail/core/bytes';
import { goneName, type ReleaseStanding, sign, type Tombstone } from '@handrail/core/statement';
import { sha256Hex } from '../../worker/digest.ts';
import type { KeeperContext } from '../keeper-context.ts';

/** Names are filled up to a power of two, and to this many at least. */
const namesMin = 16;

/** Signs and stores it; gives its digest. The same again for the same trajectories. */
export async function bury(
  context: KeeperContext,
  { release, at }: ReleaseStanding,
  trajectories: readonly string[],
): Promise<string> {
  const { charter, identity, server } = context;
  const salt = toBase64url(identity.derive('tombstone-salt', release));
  const names = trajectories.map((id) => goneName(salt, id));
  let room = namesMin;
  while (room < names.length) room *= 2;
  // Hashes under a key of the vault's look like any other name.
  for (let blank = 0; names.length < room; blank++) {
    const nothing = identity.derive('tombstone-blank', `${release}\n${blank}`);
    names.push(goneName(salt, toBase64url(nothing)));
  }
  const tombstone: Tombstone = {
    ...({ v: 1, kind: 'tombstone' } as const),
    ...{ programme: charter.programme, release, at, salt },
    gone: names.sort(),
  };
  const bytes = utf8(JSON.stringify(await sign(tombstone, identity.signer)));
  const digest = sha256Hex(bytes);
  await server.putObject(`tombstones/${digest}`, bytes);
  return digest;
}
