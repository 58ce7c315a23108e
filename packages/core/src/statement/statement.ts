// Every statement that can stand in the ledger, by its kind.
import { z } from 'zod';
import { charterSchema } from './charter.ts';
import { approvalSchema, revocationSchema } from './grant.ts';
import { manifestSchema } from './manifest.ts';
import {
  consentSchema,
  erasureSchema,
  haltSchema,
  quarantineSchema,
  withdrawalSchema,
} from './participant.ts';

export const statementSchema = z.discriminatedUnion('kind', [
  charterSchema,
  manifestSchema,
  approvalSchema,
  revocationSchema,
  consentSchema,
  withdrawalSchema,
  erasureSchema,
  quarantineSchema,
  haltSchema,
]);
export type Statement = z.infer<typeof statementSchema>;
