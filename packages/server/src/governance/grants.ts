// Grants: asked for by their holder, approved over their whole bytes by persons of other roles,
// ended by anyone concerned. The vault checks all of this again.
import { HandrailError } from '@handrail/core/errors';
import {
  type Approval,
  approvalSchema,
  fitsTier,
  type Grant,
  grantDigest,
  grantPrompt,
  grantSchema,
  grantState,
  type Person,
  recipeDigest,
  type Signed,
  type StatementOf,
  signedSchema,
  signersOf,
  statementDigest,
} from '@handrail/core/statement';
import type { ServerContext } from '../context.ts';
import type { GrantRow } from '../storage/tables.ts';
import { allowedOf, allows, grantFacts, personAsking } from './access.ts';

export const grantsListedMax = 1_000;
const rowsPerPage = 100;
/** Grants that one list looks through. */
const pagesMax = 1_000;
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
  requireFitting(context, grant);
  const wish = { action: 'grant.request', grant: grantFacts(context, grant, 'requested') } as const;
  if (!allows(context, personAsking(caller), wish)) {
    throw new HandrailError('access.denied', 'A grant is asked for by who will hold it.');
  }
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
  return context.statements.inTurn(async () => {
    const before = await viewGrant(context, id, caller);
    if (!mayOn(context, 'grant.approve', before, caller)) {
      throw new HandrailError(
        'access.denied',
        'Stewards and officers approve grants, and nobody one of their own.',
      );
    }
    const { grant, programme, at } = approval.payload;
    if (programme !== context.charter.payload.programme || grantDigest(grant) !== before.digest) {
      throw new HandrailError('state.conflict', 'This approval is of another grant.');
    }
    if (Date.parse(at) > context.nowMs()) {
      throw new HandrailError('state.conflict', 'The approval is of the future: set the clock.');
    }
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
  revocation: Signed<StatementOf<'revocation'>>,
  caller: Person,
): Promise<GrantView> {
  await requireSigner(revocation, caller);
  return context.statements.inTurn(async () => {
    const before = await viewGrant(context, id, caller);
    if (!mayOn(context, 'grant.revoke', before, caller)) {
      throw new HandrailError('access.denied', 'Only its holder or a decider ends a grant.');
    }
    const { grant, programme } = revocation.payload;
    if (grant !== id || programme !== context.charter.payload.programme) {
      throw new HandrailError('state.conflict', 'This revocation is of another grant.');
    }
    const done = await context.statements.leafOf(statementDigest(revocation));
    if (before.state !== 'revoked' && done === undefined)
      await context.statements.accept(revocation);
    return viewGrant(context, id, caller);
  });
}

/** One grant as `caller` may see it. Throws `not.found`. */
export async function viewGrant(
  context: ServerContext,
  id: string,
  caller: Person,
): Promise<GrantView> {
  const row = await rowOf(context, id);
  const seen = row && (await view(context, row));
  if (seen && mayOn(context, 'grant.view', seen, caller)) return seen;
  throw new HandrailError('not.found', 'There is no such grant.');
}

/** Newest first: those that a get would show to `caller`, page by page. */
export async function listGrants(
  context: ServerContext,
  caller: Person,
): Promise<readonly GrantView[]> {
  const { programme } = context.charter.payload;
  const by = personAsking(caller);
  if (!allows(context, by, { action: 'grant.list', programme })) return [];
  const shown: GrantView[] = [];
  for await (const rows of pagesOf(context)) {
    const views = await Promise.all(rows.map((row) => view(context, row)));
    const wishOf = (one: GrantView) => wishOn(context, 'grant.view', one);
    shown.push(...(await allowedOf(context, by, views, wishOf)));
    if (shown.length >= grantsListedMax) break;
  }
  return shown.slice(0, grantsListedMax);
}

async function* pagesOf({ db }: ServerContext): AsyncGenerator<readonly GrantRow[]> {
  let before = Number.MAX_SAFE_INTEGER;
  for (let page = 0; page < pagesMax; page++) {
    const rows = await db
      .selectFrom('grant_request')
      .selectAll()
      .$if(page > 0, (query) => query.where('ordinal', '<', before))
      .orderBy('ordinal', 'desc')
      .limit(rowsPerPage)
      .execute();
    yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsPerPage) return;
    before = last.ordinal;
  }
}

/** Undefined when there is no such grant. */
export async function grantFile(
  context: ServerContext,
  id: string,
): Promise<GrantFile | undefined> {
  const row = await rowOf(context, id);
  return row && fileOf(context, row);
}

/** A grant as it stands now, for whoever decides about a reading. */
export async function grantNow(context: ServerContext, id: string): Promise<GrantView | undefined> {
  const row = await rowOf(context, id);
  return row && view(context, row);
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

function wishOn(
  context: ServerContext,
  action: 'grant.view' | 'grant.approve' | 'grant.revoke',
  { grant, state }: GrantView,
) {
  return { action, grant: grantFacts(context, grant, state) };
}

function mayOn(
  context: ServerContext,
  action: 'grant.view' | 'grant.approve' | 'grant.revoke',
  seen: GrantView,
  caller: Person,
): boolean {
  return allows(context, personAsking(caller), wishOn(context, action, seen));
}

function rowOf({ db }: ServerContext, id: string): Promise<GrantRow | undefined> {
  return db.selectFrom('grant_request').selectAll().where('id', '=', id).executeTakeFirst();
}

function requireFitting({ charter }: ServerContext, grant: Grant): void {
  const { programme, purposes, grantHoursMax } = charter.payload;
  const { scope } = grant;
  const fits =
    grant.programme === programme &&
    purposes.includes(grant.purpose) &&
    grant.hours <= grantHoursMax &&
    fitsTier(grant);
  if (!fits) {
    throw new HandrailError('state.conflict', 'The charter does not allow such a grant.');
  }
  if (grant.prompt !== grantPrompt(grant)) {
    throw new HandrailError('state.conflict', 'The grant asks something else than it says.');
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
