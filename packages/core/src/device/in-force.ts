// Which manifest a device captures by: the one that its participant accepted, or a narrower one
// that is active now. A wider one waits for the participant.
import { isWider, type ManifestStatement, manifestHash, type Signed } from '../statement/index.ts';

export interface InForce {
  readonly manifest: Signed<ManifestStatement>;
  /** Hash of a manifest that waits to be accepted, if one does. */
  readonly pending: string | undefined;
}

/** `shown` is what the programme says is active, its signatures checked; undefined: unknown. */
export function inForce(
  { manifest: accepted }: { readonly manifest: Signed<ManifestStatement> | null },
  shown: Signed<ManifestStatement> | null | undefined,
): InForce | undefined {
  if (accepted === null) return undefined;
  if (!shown) return { manifest: accepted, pending: undefined };
  const wider = isWider(accepted.payload.manifest, shown.payload.manifest);
  if (wider) return { manifest: accepted, pending: manifestHash(shown.payload) };
  return { manifest: shown, pending: undefined };
}
