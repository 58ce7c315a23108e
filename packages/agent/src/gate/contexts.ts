// Which context of the manifest something belongs to. A context that cannot be told is none.
import type { CaptureContext, ManifestFile, Signal } from '@handrail/core/statement';

/** What is known of where something happened. */
export interface Place {
  /** The window's class in lower case. */
  readonly app: string;
  /** The document's origin; undefined where there is none or it cannot be known. */
  readonly origin: string | undefined;
}

/** Index into the manifest's contexts, or undefined: not captured. */
export function contextOf(manifest: ManifestFile, place: Place): number | undefined {
  const at = manifest.contexts.findIndex((context) => covers(context, place));
  return at < 0 ? undefined : at;
}

/** True when some context of `app` names an origin, so that the document decides. */
export function needsOrigin(manifest: ManifestFile, app: string): boolean {
  return manifest.contexts.some((context) => context.app === app && context.origin !== undefined);
}

export function hasSignal(manifest: ManifestFile, signal: Signal): boolean {
  return manifest.signals.includes(signal);
}

// No source knows the signed-in account yet, so a context that asks for one is never met.
function covers(context: CaptureContext, place: Place): boolean {
  if (context.app !== place.app || context.account !== undefined) return false;
  return context.origin === undefined || context.origin === place.origin;
}
