// Grants: asked for by their holder, approved over their whole bytes by persons of other roles,
// ended by anyone concerned. The vault checks all of this again.
import { HandrailError } from '@handrail/core/errors';
import {
  type Approval,
  approvalSchema,
  type Grant,
  grantDigest,
  grantSchema,
  grantState,
  type Person,
  recipeDigest,
  type Signed,
  signedSchema,
  signersOf,
  statementDigest,
} from '@handrail/core/statement';
import type { ServerContext } from '../context.ts';
import type { GrantRow } from '../storage/tables.ts';
import type { Revocation } from './apply-statement.ts';
import { deciders } from './manifests.ts';

export const grantsListedMax = 1_000;
const grantsOpenMax = 100;

export interface GrantView {
  readonly grant: Grant;
  readonly digest: string;
  readonly approvals: Signed<Approval>[];
  readonly state: 'requested' | 'approved' | 'expired' | 'revoked';
  readonly until?: string;
}

/** A grant as the vault gets it. */
export interface GrantFile {
  readonly grant: Signed<Grant>;
  readonly approvals: readonly { readonly index: number; readonly approval: Signed<Approval> }[];
  readonly revoked: boolean;
}

const signedGrant = signedSchema(grantSchema);
const signedApproval = signedSchema(approvalSchema);

/** Throws `access.denied`, `signature.invalid`, `state.conflict`. */
export async function requestGrant(
  context: ServerContext,
  signed: Signed<Grant>,
  caller: Person,
): Promise<GrantView> {
  const grant = signed.payload;
  await requireSigner(signed, caller);
  if (grant.holder !== caller.id) {
    throw new HandrailError('access.denied', 'A grant is asked for by who will hold it.');
  }
  requireFitting(context, grant);
  return context.statements.inTurn(async () => {
    const known = await rowOf(context, grant.id);
    if (known && known.digest !== grantDigest(grant)) {
      throw new HandrailError('state.conflict', 'This id names another grant: take a fresh one.');
    }
    if (!known) {
      await requireRoom(context, caller);
      await context.facts.record({ kind: 'grant', statement: signed });
    }
    return viewGrant(context, grant.id, caller);
  });
}

export async function approveGrant(
  context: ServerContext,
  id: string,
  approval: Signed<Approval>,
  caller: Person,
): Promise<GrantView> {
  await requireSigner(approval, caller);
  if (!deciders.includes(caller.role)) {
    throw new HandrailError('access.denied', 'Stewards and officers approve grants.');
  }
  return context.statements.inTurn(async () => {
    const row = await visibleRow(context, id, caller);
    const { grant, programme, at } = approval.payload;
    if (programme !== context.charter.payload.programme || grantDigest(grant) !== row.digest) {
      throw new HandrailError('state.conflict', 'This approval is of another grant.');
    }
    if (row.holder === caller.id) {
      throw new HandrailError('access.denied', 'Nobody approves a grant of their own.');
    }
    if (Date.parse(at) > context.nowMs()) {
      throw new HandrailError('state.conflict', 'The approval is of the future: set the clock.');
    }
    const before = await viewGrant(context, id, caller);
    const again = before.approvals.some(({ signatures }) =>
      signatures.some(({ key }) => key === caller.publicKey),
    );
    if (again) return before;
    if (before.state === 'revoked' || before.state === 'expired') {
      throw new HandrailError('state.conflict', `The grant is ${before.state}.`);
    }
    await context.statements.accept(approval);
    return viewGrant(context, id, caller);
  });
}

export async function revokeGrant(
  context: ServerContext,
  id: string,
  revocation: Signed<Revocation>,
  caller: Person,
): Promise<GrantView> {
  await requireSigner(revocation, caller);
  return context.statements.inTurn(async () => {
    const row = await visibleRow(context, id, caller);
    if (!deciders.includes(caller.role) && row.holder !== caller.id) {
      throw new HandrailError('access.denied', 'Only its holder or a decider ends a grant.');
    }
    const { grant, programme } = revocation.payload;
    if (grant !== id || programme !== context.charter.payload.programme) {
      throw new HandrailError('state.conflict', 'This revocation is of another grant.');
    }
    const done = await context.statements.leafOf(statementDigest(revocation));
    if (!row.revoked && done === undefined) await context.statements.accept(revocation);
    return viewGrant(context, id, caller);
  });
}

/** One grant as `caller` may see it. Throws `not.found`. */
export async function viewGrant(
  context: ServerContext,
  id: string,
  caller: Person,
): Promise<GrantView> {
  return view(context, await visibleRow(context, id, caller));
}

/** Newest first: all for deciders and auditors, own ones for others. */
export async function listGrants(
  context: ServerContext,
  caller: Person,
): Promise<readonly GrantView[]> {
  const rows = await context.db
    .selectFrom('grant_request')
    .selectAll()
    .$if(!seesAll(caller), (query) => query.where('holder', '=', caller.id))
    .orderBy('ordinal', 'desc')
    .limit(grantsListedMax)
    .execute();
  const views: GrantView[] = [];
  for (const row of rows) views.push(await view(context, row));
  return views;
}

/** Undefined when there is no such grant. */
export async function grantFile(
  context: ServerContext,
  id: string,
): Promise<GrantFile | undefined> {
  const row = await rowOf(context, id);
  return row && fileOf(context, row);
}

async function fileOf({ db }: ServerContext, row: GrantRow): Promise<GrantFile> {
  const approvals = await db
    .selectFrom('approval')
    .select(['leaf as index', 'statement'])
    .where('grant_id', '=', row.id)
    .orderBy('leaf')
    .execute();
  return {
    grant: signedGrant.parse(JSON.parse(row.statement)),
    approvals: approvals.map(({ index, statement }) => ({
      index,
      approval: signedApproval.parse(JSON.parse(statement)),
    })),
    revoked: row.revoked,
  };
}

async function view(context: ServerContext, row: GrantRow): Promise<GrantView> {
  const { grant, approvals, revoked } = await fileOf(context, row);
  const checked = approvals.flatMap(({ approval }) =>
    approval.signatures.map(({ key }) => ({ key, approval: approval.payload })),
  );
  const { payload } = context.charter;
  const state = grantState(payload, grant.payload, checked, revoked, context.nowMs());
  return {
    grant: grant.payload,
    digest: row.digest,
    approvals: approvals.map(({ approval }) => approval),
    state: state.kind,
    ...('until' in state ? { until: state.until } : {}),
  };
}

async function visibleRow(context: ServerContext, id: string, caller: Person): Promise<GrantRow> {
  const row = await rowOf(context, id);
  if (row && (seesAll(caller) || row.holder === caller.id)) return row;
  throw new HandrailError('not.found', 'There is no such grant.');
}

function rowOf({ db }: ServerContext, id: string): Promise<GrantRow | undefined> {
  return db.selectFrom('grant_request').selectAll().where('id', '=', id).executeTakeFirst();
}

function seesAll({ role }: Person): boolean {
  return role !== 'researcher';
}

function requireFitting({ charter }: ServerContext, grant: Grant): void {
  const { programme, purposes, grantHoursMax } = charter.payload;
  const { scope } = grant;
  const fits =
    grant.programme === programme &&
    purposes.includes(grant.purpose) &&
    grant.hours <= grantHoursMax &&
    'recipe' in scope === (grant.tier === 'release');
  if (!fits) {
    throw new HandrailError('state.conflict', 'The charter does not allow such a grant.');
  }
  if (!('recipe' in scope)) return;
  const same = scope.recipeDigest === recipeDigest(scope.recipe);
  if (same && scope.recipe.purpose === grant.purpose) return;
  throw new HandrailError('state.conflict', "The recipe's digest or purpose is another.");
}

async function requireRoom({ db }: ServerContext, caller: Person): Promise<void> {
  const rows = await db
    .selectFrom('grant_request')
    .select('grant_request.id')
    .leftJoin('approval', 'approval.grant_id', 'grant_request.id')
    .where('holder', '=', caller.id)
    .where('revoked', '=', false)
    .where('approval.grant_id', 'is', null)
    .limit(grantsOpenMax)
    .execute();
  if (rows.length < grantsOpenMax) return;
  throw new HandrailError('rate.limited', 'Too many open requests: revoke some first.');
}

async function requireSigner(statement: Signed<unknown>, { publicKey }: Person): Promise<void> {
  const signers = await signersOf(statement);
  if (signers.size === 1 && statement.signatures.length === 1 && signers.has(publicKey)) return;
  throw new HandrailError('signature.invalid', 'This is not signed by who sends it, alone.');
}
