// Halting takes one person. Resuming takes several roles, who may sign one after the other. Either
// raises the programme's epoch, so that nothing captured under the old one is taken any more.
import { HandrailError } from '@handrail/core/errors';
import {
  certifiedKeys,
  type Halt,
  mayHalt,
  mayResume,
  type Person,
  type Signature,
  type Signed,
  signersOf,
  statementDigest,
} from '@handrail/core/statement';
import type { ProgrammeState } from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import { allows, personAsking } from './access.ts';
import { isAnyOpen } from './incident-view.ts';

/** Throws `access.denied`, `signature.invalid`, `state.conflict`. */
export async function declare(
  context: ServerContext,
  statement: Signed<Halt>,
  caller: Person,
): Promise<ProgrammeState> {
  const { kind, programme } = statement.payload;
  const action = kind === 'halt' ? 'programme.halt' : 'programme.resume';
  const signers = await signersOf(statement);
  if (!signers.has(caller.publicKey)) {
    throw new HandrailError('signature.invalid', 'The statement is not signed by who sends it.');
  }
  if (!allows(context, personAsking(caller), { action, programme })) {
    throw new HandrailError('access.denied', 'Stewards, officers and incident commanders do this.');
  }
  return context.statements.inTurn(async () => {
    if ((await context.statements.leafOf(statementDigest(statement))) === undefined) {
      requireNext(context, statement.payload);
      if (kind === 'resume') await requireNoIncident(context);
      await settle(context, statement);
    }
    return programmeState(context);
  });
}

export function programmeState({ programme }: ServerContext): ProgrammeState {
  const { halted, programmeEpoch, pendingResume = null } = programme.inForce;
  return { state: halted ? 'halted' : 'running', programmeEpoch, pendingResume };
}

async function settle(context: ServerContext, statement: Signed<Halt>): Promise<void> {
  const { charter, facts, programme, statements, nowMs } = context;
  const whole = await withEarlier(statement, programme.inForce.pendingResume);
  const keys = await signersOf(whole);
  const able = certifiedKeys(programme.inForce.decided.standing, keys, nowMs());
  const isHalt = statement.payload.kind === 'halt';
  const agreed = isHalt ? mayHalt(charter.payload, keys) : mayResume(charter.payload, able);
  if (agreed) {
    await statements.accept(whole);
    return;
  }
  await facts.record({ kind: 'pending-resume', statement: whole });
  await programme.changed();
}

/** Valid signatures of both over the same bytes, one of each key; a newer wish starts anew. */
async function withEarlier(
  statement: Signed<Halt>,
  earlier: Signed<Halt> | undefined,
): Promise<Signed<Halt>> {
  const same = earlier && statementDigest(earlier) === statementDigest(statement);
  const valid = await signersOf(statement);
  const byKey = new Map<string, Signature>();
  for (const one of same ? earlier.signatures : []) byKey.set(one.key, one);
  for (const one of statement.signatures) if (valid.has(one.key)) byKey.set(one.key, one);
  return { payload: statement.payload, signatures: [...byKey.values()] };
}

async function requireNoIncident(context: ServerContext): Promise<void> {
  if (!(await isAnyOpen(context))) return;
  throw new HandrailError('state.conflict', 'An incident is open: close it before resuming.');
}

function requireNext({ charter, programme }: ServerContext, halt: Halt): void {
  const { halted, stoppedByLogin, stoppedAt, programmeEpoch } = programme.inForce;
  const isOurs = halt.programme === charter.payload.programme;
  const isNext = halt.programmeEpoch === programmeEpoch + 1;
  // A stop by a login may be made a signed halt; either takes a resume.
  const isChange = halt.kind === 'resume' ? halted : !halted || stoppedByLogin;
  // The vault does not take it either: it may have been signed for an earlier halt.
  const isLate = halt.kind === 'resume' && halt.at < stoppedAt;
  if (isLate) throw new HandrailError('state.conflict', 'This was signed before the last halt.');
  if (isOurs && isNext && isChange) return;
  const now = `${halted ? 'halted' : 'running'}, epoch ${programmeEpoch}`;
  throw new HandrailError('state.conflict', `The programme is ${now}: sign for the next epoch.`);
}
