// Halting takes one person, resuming takes several roles. Either raises the programme's epoch, so
// that nothing captured under the old one is taken any more.
import { HandrailError } from '@handrail/core/errors';
import {
  type Halt,
  hasQuorum,
  type Person,
  personOf,
  type Role,
  type Signed,
  signersOf,
  statementDigest,
} from '@handrail/core/statement';
import type { ServerContext } from '../context.ts';
import { allows, personAsking } from './access.ts';
import type { Accepted } from './statement-ledger.ts';

const halters: readonly Role[] = ['steward', 'officer', 'incident'];
/** Different roles that must sign a resume. */
const resumeRolesMin = 2;

/** Throws `access.denied`, `signature.invalid`, `state.conflict`. */
export async function declare(
  context: ServerContext,
  statement: Signed<Halt>,
  caller: Person,
): Promise<Accepted> {
  const { charter, programme, statements } = context;
  const { kind, programme: id, programmeEpoch: epoch } = statement.payload;
  const action = kind === 'halt' ? 'programme.halt' : 'programme.resume';
  if (!allows(context, personAsking(caller), { action, programme: id })) {
    throw new HandrailError('access.denied', 'Stewards, officers and incident commanders halt.');
  }
  const signers = await signersOf(statement);
  if (!signers.has(caller.publicKey)) {
    throw new HandrailError('signature.invalid', 'The statement is not signed by who sends it.');
  }
  const keys = new Set([...signers].filter((key) => isHalter(context, key)));
  const needed = kind === 'halt' ? 1 : resumeRolesMin;
  if (!hasQuorum(charter.payload, keys, needed)) {
    throw new HandrailError('access.denied', `This needs signatures of ${needed} deciding roles.`);
  }
  return statements.inTurn(async () => {
    const digest = statementDigest(statement);
    const index = await statements.leafOf(digest);
    if (index !== undefined) return { digest, index };
    const { halted, programmeEpoch } = programme.inForce;
    const fits = id === charter.payload.programme && epoch === programmeEpoch + 1;
    if (!fits || halted !== (kind === 'resume')) {
      const now = `${halted ? 'halted' : 'running'}, epoch ${programmeEpoch}`;
      throw new HandrailError(
        'state.conflict',
        `The programme is ${now}: sign for the next epoch.`,
      );
    }
    return statements.accept(statement);
  });
}

function isHalter({ charter }: ServerContext, key: string): boolean {
  const person = personOf(charter.payload, key);
  return person !== undefined && halters.includes(person.role);
}
