// Capture manifests: a wider one waits for persons of different roles, a narrower holds at once.
// One that keeps a sensitive context in full waits for two roles in any case.
import { HandrailError } from '@handrail/core/errors';
import {
  type Charter,
  certifiedKeys,
  hasQuorum,
  type ManifestStatement,
  manifestHash,
  manifestRoles,
  type Person,
  personOf,
  type Role,
  type Signature,
  type Signed,
  signaturesMax,
  signersOf,
} from '@handrail/core/statement';
import type { ServerContext } from '../context.ts';
import { allows, personAsking } from './access.ts';
import type { KnownManifest } from './programme.ts';

/** Whose signatures make a manifest. */
const deciders: readonly Role[] = ['steward', 'officer'];

/** Throws `access.denied`, `signature.invalid`, `state.conflict`. */
export function proposeManifest(
  context: ServerContext,
  statement: Signed<ManifestStatement>,
  caller: Person,
): Promise<KnownManifest> {
  return context.statements.inTurn(async () => {
    await requireDecider(context, 'manifest.propose', statement, caller);
    const hash = manifestHash(statement.payload);
    const known = context.programme.inForce.manifests.get(hash);
    if (known !== undefined) return addSignatures(context, known, statement);
    requireNext(context, statement.payload);
    return settle(context, statement);
  });
}

/** Adds the caller's signature over the same bytes. */
export function approveManifest(
  context: ServerContext,
  id: string,
  statement: Signed<ManifestStatement>,
  caller: Person,
): Promise<KnownManifest> {
  return context.statements.inTurn(async () => {
    await requireDecider(context, 'manifest.approve', statement, caller);
    const known = context.programme.inForce.manifests.get(manifestHash(statement.payload));
    if (known === undefined || known.id !== id) {
      throw new HandrailError('not.found', 'There is no manifest with this id and these bytes.');
    }
    return addSignatures(context, known, statement);
  });
}

async function addSignatures(
  context: ServerContext,
  known: KnownManifest,
  statement: Signed<ManifestStatement>,
): Promise<KnownManifest> {
  if (known.state === 'active') return known;
  if (known.state === 'replaced') {
    throw new HandrailError('state.conflict', 'A later manifest holds: propose this one anew.');
  }
  const byKey = new Map<string, Signature>();
  const valid = await signersOf(statement);
  for (const one of known.statement.signatures) byKey.set(one.key, one);
  for (const one of statement.signatures) if (valid.has(one.key)) byKey.set(one.key, one);
  const signatures = [...byKey.values()]
    .filter(({ key }) => isDecider(context.charter.payload, key))
    .slice(0, signaturesMax);
  return settle(context, { payload: known.statement.payload, signatures });
}

/** Active when it may be, else pending. */
async function settle(
  context: ServerContext,
  statement: Signed<ManifestStatement>,
): Promise<KnownManifest> {
  const { programme, charter, statements, facts, nowMs } = context;
  const { active } = programme.inForce;
  const current = active?.statement.payload.manifest;
  const { quorums } = charter.payload;
  const roles = manifestRoles(quorums.manifest, current, statement.payload.manifest);
  const { standing } = programme.inForce.decided;
  const valid = certifiedKeys(standing, await signersOf(statement), nowMs());
  const keys = new Set([...valid].filter((key) => isDecider(charter.payload, key)));
  if (hasQuorum(charter.payload, keys, roles)) await statements.accept(statement);
  else {
    await facts.record({ kind: 'manifest', statement });
    await programme.changed();
  }
  const hash = manifestHash(statement.payload);
  const settled = programme.inForce.manifests.get(hash);
  if (settled === undefined) throw new HandrailError('internal', 'The manifest was not kept.');
  return settled;
}

function requireNext({ programme, charter }: ServerContext, payload: ManifestStatement): void {
  if (payload.programme !== charter.payload.programme) {
    throw new HandrailError('state.conflict', 'This manifest is of another programme.');
  }
  const numbers = [...programme.inForce.manifests.values()].map(
    ({ statement }) => statement.payload.number,
  );
  const next = Math.max(0, ...numbers) + 1;
  if (payload.number !== next) {
    throw new HandrailError('state.conflict', `Sign it as manifest number ${next}.`);
  }
}

async function requireDecider(
  context: ServerContext,
  action: 'manifest.propose' | 'manifest.approve',
  statement: Signed<ManifestStatement>,
  caller: Person,
): Promise<void> {
  const charter = context.charter.payload;
  const { programme } = charter;
  if (!allows(context, personAsking(caller), { action, programme })) {
    throw new HandrailError('access.denied', 'Stewards and officers decide on manifests.');
  }
  if (!(await signersOf(statement)).has(caller.publicKey)) {
    throw new HandrailError('signature.invalid', 'The manifest is not signed by who sends it.');
  }
  if (statement.signatures.some(({ key }) => !isDecider(charter, key))) {
    throw new HandrailError('signature.invalid', 'Only stewards and officers sign manifests.');
  }
}

function isDecider(charter: Charter, key: string): boolean {
  const person = personOf(charter, key);
  return person !== undefined && deciders.includes(person.role);
}
