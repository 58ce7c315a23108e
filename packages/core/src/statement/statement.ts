// Every statement that can stand in the ledger, by its kind.
import { z } from 'zod';
import { bystanderRemovalSchema } from './bystander.ts';
import { charterSchema } from './charter.ts';
import { deviceRevocationSchema } from './device.ts';
import { approvalSchema, revocationSchema } from './grant.ts';
import { holdReleaseSchema, holdSchema } from './hold.ts';
import { incidentClosedSchema, incidentOpenedSchema } from './incident.ts';
import { manifestSchema } from './manifest.ts';
import { modelDecisionSchema, modelSchema } from './model.ts';
import { objectionAnswerSchema, objectionSchema } from './objection.ts';
import {
  consentSchema,
  erasureSchema,
  haltSchema,
  quarantineSchema,
  withdrawalSchema,
} from './participant.ts';
import { lifeSchema, policySchema, recertificationSchema } from './programme.ts';

export const statementSchema = z.discriminatedUnion('kind', [
  charterSchema,
  manifestSchema,
  approvalSchema,
  revocationSchema,
  consentSchema,
  withdrawalSchema,
  erasureSchema,
  quarantineSchema,
  deviceRevocationSchema,
  objectionSchema,
  objectionAnswerSchema,
  modelSchema,
  modelDecisionSchema,
  haltSchema,
  incidentOpenedSchema,
  incidentClosedSchema,
  policySchema,
  lifeSchema,
  recertificationSchema,
  holdSchema,
  holdReleaseSchema,
  bystanderRemovalSchema,
]);
export type Statement = z.infer<typeof statementSchema>;

/** The statement whose kind is, or may be, `K`. */
export type StatementOf<K extends Statement['kind']> = Statement extends infer S
  ? S extends { readonly kind: infer L }
    ? K extends L
      ? S
      : never
    : never
  : never;
