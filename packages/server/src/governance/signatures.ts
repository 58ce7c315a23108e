// Persons sign one after the other: what was signed before is kept with what is signed now.
import { type Signature, type Signed, signersOf } from '@handrail/core/statement';

/** The valid signatures of both, one of each key; `earlier` is over the same payload. */
export async function withSignatures<T>(
  statement: Signed<T>,
  earlier: Signed<T> | undefined,
): Promise<Signed<T>> {
  const valid = await signersOf(statement);
  const byKey = new Map<string, Signature>();
  for (const one of earlier?.signatures ?? []) byKey.set(one.key, one);
  for (const one of statement.signatures) if (valid.has(one.key)) byKey.set(one.key, one);
  return { payload: statement.payload, signatures: [...byKey.values()] };
}
