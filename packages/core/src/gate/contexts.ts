// Which context of the manifest something belongs to. A context that cannot be told is none.
import { governing, type ManifestFile, type Signal } from '../statement/index.ts';

/** What is known of where something happened. */
export interface Place {
  /** The window's class in lower case. */
  readonly app: string;
  /** The document's origin; undefined where there is none or it cannot be known. */
  readonly origin: string | undefined;
}

/**
 * Index into the manifest's contexts, or undefined: not captured. Where several meet, the strictest
 * holds. No source knows the signed-in account, so a context that asks for one is never met.
 */
export function contextOf(manifest: ManifestFile, { app, origin }: Place): number | undefined {
  return governing(manifest.contexts, origin === undefined ? { app } : { app, origin });
}

/** True when some context of `app` names an origin, so that the document decides. */
export function needsOrigin(manifest: ManifestFile, app: string): boolean {
  return manifest.contexts.some((context) => context.app === app && context.origin !== undefined);
}

export function hasSignal(manifest: ManifestFile, signal: Signal): boolean {
  return manifest.signals.includes(signal);
}
