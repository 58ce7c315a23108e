// How many roles must sign a manifest. Keeping a sensitive context's text in full takes two,
// whatever the charter asks for and whatever was captured before.
import { type CaptureContext, mayOverlap } from './context.ts';
import type { ManifestFile } from './manifest.ts';
import {
  browserApps,
  type SensitiveKind,
  sensitiveKinds,
  sensitivePlaces,
} from './sensitive-places.ts';
import { dropsSensitive, isWider } from './width.ts';

const rolesForSensitive = 2;

/** `named`: the manifest says so; `anywhere`: nothing says which place it is. */
export type SensitiveReason = SensitiveKind | 'named' | 'anywhere';

/** Why a context is sensitive, or undefined. */
export function whySensitive(context: CaptureContext): SensitiveReason | undefined {
  const { app, origin, sensitive } = context;
  if (sensitive) return 'named';
  const kind = sensitiveKinds.find((each) => {
    return isSuchApp(each, app) || (origin !== undefined && isSuchHost(each, origin));
  });
  const isAnywhere = app.startsWith('import:') || (browserApps.has(app) && origin === undefined);
  return kind ?? (isAnywhere ? 'anywhere' : undefined);
}

/** The contexts of a manifest that are sensitive and kept in full. */
export function sensitiveInFull(
  { contexts }: ManifestFile,
  current?: ManifestFile,
): readonly { readonly context: CaptureContext; readonly why: SensitiveReason }[] {
  const said = current?.contexts.filter(({ sensitive }) => sensitive) ?? [];
  return contexts.flatMap((context) => {
    if (context.mode !== 'full') return [];
    const named = said.some((old) => mayOverlap(old, context)) ? 'named' : undefined;
    const why = whySensitive(context) ?? named;
    return why === undefined ? [] : [{ context, why }];
  });
}

/**
 * How many different roles must sign `next` before it is in force after `current`. Who knows no
 * `current` asks with a quorum of 1, and learns what `next` takes by itself.
 */
export function manifestRoles(
  charterQuorum: number,
  current: ManifestFile | undefined,
  next: ManifestFile,
): number {
  const isSensitive =
    sensitiveInFull(next, current).length > 0 || (current && dropsSensitive(current, next));
  const asked = isWider(current, next) ? charterQuorum : 1;
  return isSensitive ? Math.max(rolesForSensitive, asked) : asked;
}

function isSuchApp(kind: SensitiveKind, app: string): boolean {
  const { apps } = sensitivePlaces[kind];
  return [app, ...app.split(/[ ._:-]/)].some((word) => apps.includes(word));
}

function isSuchHost(kind: SensitiveKind, origin: string): boolean {
  const { labels, parts } = sensitivePlaces[kind];
  const host = origin.replace(/^https?:\/\//, '').replace(/:\d+$/, '');
  const found = host.split(/[.-]/).flatMap((label) => [label, label.replace(/\d+$/, '')]);
  return found.some(
    (label) => labels.includes(label) || parts.some((part) => label.includes(part)),
  );
}
