// Users as SCIM 2.0 has them (RFC 7643, 7644), to take rights away: what a provisioning system asks
// for beyond that is refused, so that whoever takes it over can give nobody anything.
import { HandrailError } from '@handrail/core/errors';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import type { LoginIdentityRow } from '../storage/tables.ts';

export const usersPerPageMax = 100;
export const scimSchemas = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
  config: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
} as const;

export const scimUserSchema = z.object({
  schemas: z.tuple([z.literal(scimSchemas.user)]),
  id: z.string(),
  userName: z.string(),
  active: z.boolean(),
  meta: z.object({ resourceType: z.literal('User'), location: z.string() }),
});
export type ScimUser = z.infer<typeof scimUserSchema>;

export const scimListSchema = z.object({
  schemas: z.tuple([z.literal(scimSchemas.list)]),
  totalResults: z.int(),
  startIndex: z.int(),
  itemsPerPage: z.int(),
  Resources: z.array(scimUserSchema),
});

export function scimUser({ id, user_name: userName, active }: LoginIdentityRow): ScimUser {
  const meta = { resourceType: 'User', location: `/scim/v2/Users/${id}` } as const;
  return { schemas: [scimSchemas.user], id, userName, active, meta };
}

/** Those whom a filter names, or all; no other filter than `userName eq "…"` is known. */
export async function listUsers(
  { db }: ServerContext,
  query: URLSearchParams,
): Promise<z.infer<typeof scimListSchema>> {
  const filter = query.get('filter');
  const [, name] = /^userName eq "([^"\\]{1,255})"$/i.exec(filter ?? '') ?? [];
  if (filter !== null && name === undefined) {
    throw new HandrailError('input.invalid', 'Only the filter userName eq "…" is known.');
  }
  const startIndex = Math.max(1, Math.floor(Number(query.get('startIndex')) || 1));
  const wished = Number(query.get('count') ?? usersPerPageMax);
  const count = Math.min(usersPerPageMax, Math.max(0, Math.floor(wished) || 0));
  const users = db
    .selectFrom('login_identity')
    .$if(name !== undefined, (all) => all.where('user_name', '=', name ?? ''));
  const { total } = await users
    .select((each) => each.fn.countAll().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await users
    .selectAll()
    .orderBy('id')
    .offset(startIndex - 1)
    .limit(count)
    .execute();
  return {
    schemas: [scimSchemas.list],
    totalResults: Number(total),
    startIndex,
    itemsPerPage: rows.length,
    Resources: rows.map(scimUser),
  };
}

const off = z.union([z.literal(false), z.string().regex(/^false$/i)]);
const operationSchema = z.union([
  z.object({ op: z.string().regex(/^replace$/i), path: z.string().regex(/^active$/i), value: off }),
  z.object({
    op: z.string().regex(/^replace$/i),
    path: z.undefined().optional(),
    value: z.strictObject({ active: off }),
  }),
]);

/** Whether a PATCH takes the user's rights away, and does nothing else. */
export function isEnding(body: unknown): boolean {
  const patch = z.object({ Operations: z.array(operationSchema).min(1).max(16) });
  return patch.safeParse(body).success;
}

/** Ends all logins of the user, and the key of whoever held one of them. */
export async function endUser(context: ServerContext, row: LoginIdentityRow): Promise<void> {
  const same =
    row.holder === null
      ? [row]
      : await context.db
          .selectFrom('login_identity')
          .selectAll()
          .where('holder', '=', row.holder)
          .execute();
  for (const { id, issuer, subject, user_name: userName, holder, holder_key } of same) {
    const named = { id, issuer, subject, userName, holder, holderKey: holder_key };
    await context.facts.record({ kind: 'login-ended', ...named });
  }
  await context.programme.changed();
}
