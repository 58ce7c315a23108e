// Which context of the manifest something belongs to. A context that cannot be told is none.
import type { CaptureContext, ManifestFile, Signal } from '@handrail/core/statement';

/** What is known of where something happened. */
export interface Place {
  /** The window's class in lower case. */
  readonly app: string;
  /** The document's origin; undefined where there is none or it cannot be known. */
  readonly origin: string | undefined;
}

/**
 * Index into the manifest's contexts, or undefined: not captured. No source makes less than the
 * whole of what it sees yet, so a place that any context wants masked is not captured at all.
 */
export function contextOf(manifest: ManifestFile, place: Place): number | undefined {
  const meeting = manifest.contexts.filter((context) => meets(context, place));
  if (meeting.some((context) => context.mode !== 'full')) return undefined;
  // Nor does a source know the signed-in account, so a context that asks for one is never met.
  const met = meeting.find((context) => context.account === undefined);
  return met && manifest.contexts.indexOf(met);
}

/** True when some context of `app` names an origin, so that the document decides. */
export function needsOrigin(manifest: ManifestFile, app: string): boolean {
  return manifest.contexts.some((context) => context.app === app && context.origin !== undefined);
}

export function hasSignal(manifest: ManifestFile, signal: Signal): boolean {
  return manifest.signals.includes(signal);
}

function meets(context: CaptureContext, place: Place): boolean {
  if (context.app !== place.app) return false;
  return context.origin === undefined || context.origin === place.origin;
}
