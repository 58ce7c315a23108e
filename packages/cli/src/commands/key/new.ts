// `key new`: the private halves stay in --home; what is printed may be known to everyone.
import { join } from 'node:path';
import { roleSchema } from '@handrail/core/statement';
import { ageIdentityFile, createPerson } from '../../home/person.ts';
import type { Session } from '../../session.ts';
import type { KeyOptions } from './command.ts';

export async function run({ home, out }: Session, options: KeyOptions): Promise<undefined> {
  const person = await createPerson(home, roleSchema.parse(options.role));
  const { id, publicKey, recipient } = person;
  out.print({ id, publicKey, recipient }, [
    `Person:     ${id} (${person.role})`,
    `Signs with: ${publicKey}`,
    `Exports to: ${recipient}`,
    `The private halves are in ${home}.`,
    `Exports open with: age -d -i ${join(home, ageIdentityFile)}`,
  ]);
}
