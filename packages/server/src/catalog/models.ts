// Models that were trained on a release, as its grant's holder says, with what they decided about
// each once it was superseded. Whoever may see the release sees them.
import { HandrailError } from '@handrail/core/errors';
import {
  isOpen,
  type ModelDecision,
  type ModelStatement,
  modelDecisionSchema,
  modelSchema,
  type Person,
  type Signed,
  signedSchema,
  signersOf,
  statementDigest,
} from '@handrail/core/statement';
import type { ModelView } from '@handrail/core/wire';
import type { Selectable } from 'kysely';
import type { ServerContext } from '../context.ts';
import { grantFile } from '../governance/grants.ts';
import type { Tables } from '../storage/tables.ts';
import { notFound } from './mine.ts';
import { visibleRelease } from './releases.ts';

const modelsMax = 1_000;
const signedModel = signedSchema(modelSchema);
const signedDecision = signedSchema(modelDecisionSchema);

export async function listModels(
  context: ServerContext,
  caller: Person,
  release: string,
): Promise<{ models: ModelView[] }> {
  const { state } = await visibleRelease(context, caller, release);
  const rows = await context.db
    .selectFrom('model')
    .selectAll()
    .where('release', '=', release)
    .orderBy('ordinal')
    .limit(modelsMax)
    .execute();
  return { models: rows.map((row) => viewOf(context, row, state === 'superseded')) };
}

/** Their digests and names, for whoever looks into an incident. */
export async function modelsOf(
  { db }: Pick<ServerContext, 'db'>,
  release: string,
): Promise<{ digest: string; name: string }[]> {
  const rows = await db
    .selectFrom('model')
    .select(['digest', 'statement'])
    .where('release', '=', release)
    .orderBy('ordinal')
    .limit(modelsMax)
    .execute();
  return rows.map(({ digest, statement }) => {
    return { digest, name: signedModel.parse(JSON.parse(statement)).payload.name };
  });
}

/** Throws `access.denied`, `signature.invalid`, `state.conflict`, `rate.limited`. */
export async function addModel(
  context: ServerContext,
  caller: Person,
  release: string,
  statement: Signed<ModelStatement>,
): Promise<ModelView> {
  const { payload } = statement;
  if (payload.release !== release) throw another();
  await requireHolder(context, caller, release, statement);
  return context.statements.inTurn(async () => {
    const { models } = await listModels(context, caller, release);
    if (models.length >= modelsMax) throw new HandrailError('rate.limited', 'Too many models.');
    return acceptedModel(context, caller, release, statement, statementDigest(statement));
  });
}

/** A later decision takes the place of an earlier one. Throws as `addModel` does. */
export async function decideModel(
  context: ServerContext,
  caller: Person,
  digest: string,
  statement: Signed<ModelDecision>,
): Promise<ModelView> {
  if (statement.payload.model !== digest) throw another();
  const row = await context.db
    .selectFrom('model')
    .select('release')
    .where('digest', '=', digest)
    .executeTakeFirst();
  if (row === undefined) throw notFound();
  await requireHolder(context, caller, row.release, statement);
  return context.statements.inTurn(() =>
    acceptedModel(context, caller, row.release, statement, digest),
  );
}

async function acceptedModel(
  context: ServerContext,
  caller: Person,
  release: string,
  statement: Signed<ModelStatement | ModelDecision>,
  digest: string,
): Promise<ModelView> {
  const known = await context.statements.leafOf(statementDigest(statement));
  if (known === undefined) await context.statements.accept(statement);
  const { models } = await listModels(context, caller, release);
  const model = models.find((one) => one.digest === digest);
  if (model === undefined) throw notFound();
  return model;
}

async function requireHolder(
  context: ServerContext,
  caller: Person,
  release: string,
  statement: Signed<ModelStatement | ModelDecision>,
): Promise<void> {
  const { grant } = await visibleRelease(context, caller, release);
  const file = await grantFile(context, grant);
  if (file?.grant.payload.holder !== caller.id) {
    throw new HandrailError('access.denied', "Only the holder of the release's grant says this.");
  }
  if (statement.payload.programme !== context.charter.payload.programme) throw another();
  if ((await signersOf(statement)).has(caller.publicKey)) return;
  throw new HandrailError('signature.invalid', 'This is not signed by who sends it.');
}

function viewOf(
  { nowMs }: ServerContext,
  row: Selectable<Tables['model']>,
  superseded: boolean,
): ModelView {
  const { release, name, digest: model, at } = signedModel.parse(JSON.parse(row.statement)).payload;
  const decided =
    row.decision === null ? undefined : signedDecision.parse(JSON.parse(row.decision)).payload;
  return {
    ...{ digest: row.digest, release, name, model, at },
    open: isOpen(superseded, decided, nowMs()),
    ...(decided === undefined ? {} : { decision: decided.decision, reason: decided.reason }),
    ...(decided?.until === undefined ? {} : { until: decided.until }),
  };
}

function another(): HandrailError {
  return new HandrailError('state.conflict', 'This is about another release or model.');
}
