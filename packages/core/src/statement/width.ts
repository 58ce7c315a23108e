// Whether a manifest captures more than another: more signals, more places, more of the text
// somewhere, or a place that is said to be sensitive no more.
import { type CaptureContext, coversPlace, keepsNoMore, mayOverlap } from './context.ts';
import type { ManifestFile } from './manifest.ts';

/** True when `next` captures something that `current` does not (the first is always wider). */
export function isWider(current: ManifestFile | undefined, next: ManifestFile): boolean {
  if (current === undefined) return true;
  return capturesMore(current, next) || dropsSensitive(current, next);
}

/** As `isWider`, of captured data, whose contexts do not say what is sensitive. */
export function capturesMore(current: ManifestFile, next: ManifestFile): boolean {
  if (next.signals.some((signal) => !current.signals.includes(signal))) return true;
  return next.contexts.some(
    (context) =>
      !current.contexts.some((old) => coversPlace(old, context) && keepsNoMore(context, old)) ||
      current.contexts.some((old) => loosens(old, context, next.contexts)),
  );
}

/** True when a place that `current` says is sensitive is still captured, and not said to be. */
export function dropsSensitive(current: ManifestFile, next: ManifestFile): boolean {
  return current.contexts.some((old) => {
    if (!old.sensitive || !next.contexts.some((context) => mayOverlap(old, context))) return false;
    return !next.contexts.some((context) => context.sensitive && coversPlace(context, old));
  });
}

/** Where contexts meet the strictest holds: `old` kept less at a place, and nothing does now. */
function loosens(
  old: CaptureContext,
  context: CaptureContext,
  all: readonly CaptureContext[],
): boolean {
  if (!mayOverlap(old, context) || keepsNoMore(context, old)) return false;
  return !all.some((each) => coversPlace(each, old) && keepsNoMore(each, old));
}
