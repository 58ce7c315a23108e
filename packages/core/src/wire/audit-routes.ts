// What auditors of the charter ask: what stands behind the entries of the ledger.
import { z } from 'zod';
import { route } from './route.ts';

export const auditedEntrySchema = z.object({
  index: z.int(),
  /** Of the entry's commitment, base64url; see ledger `commitment`. */
  salt: z.string().max(64),
  /** A signed statement, or a batch of decisions. */
  payload: z.unknown(),
});
export type AuditedEntry = z.infer<typeof auditedEntrySchema>;

export const auditRoutes = {
  entries: route({
    method: 'GET',
    path: '/v1/audit/entries/:index',
    caller: 'person',
    body: 'none',
    reply: z.object({
      entries: z.array(auditedEntrySchema),
      /** Where to go on; the size of the ledger at its end. */
      next: z.int(),
    }),
    says: 'What entries from `index` on commit to: statements, and decisions while they are kept.',
  }),
} as const;
