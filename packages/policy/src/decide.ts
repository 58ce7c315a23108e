// The one decision. Allowed is only what a policy permits, none forbids, and Cedar answered without
// a single error or warning; everything else is a no.
import { statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type { Policies } from './bundle.ts';
import { cedarCallOf } from './entities.ts';
import type { Question } from './question.ts';

export interface Decision {
  readonly kind: 'allow' | 'deny';
  /** Ids of the policies that determined it; none where nothing permits or could be said. */
  readonly policies: readonly string[];
  /** Digest of the bundle it was made by. */
  readonly version: string;
}

export function decide({ version }: Policies, question: Question): Decision {
  const no: Decision = { kind: 'deny', policies: [], version };
  try {
    const answer = statefulIsAuthorized({
      ...cedarCallOf(question),
      preparsedPolicySetId: version,
      preparsedSchemaName: version,
      validateRequest: true,
    });
    if (answer.type !== 'success' || answer.warnings.length > 0) return no;
    const { decision, diagnostics } = answer.response;
    if (diagnostics.errors.length > 0) return no;
    return { kind: decision, policies: [...diagnostics.reason].sort(), version };
  } catch {
    return no;
  }
}
