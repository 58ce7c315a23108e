// Why a manifest waits for another role, in words for the person who proposed it.
import {
  dropsSensitive,
  isWider,
  type ManifestFile,
  sensitiveInFull,
} from '@handrail/core/statement';
import { placeOf, sensitiveWords } from './contents.ts';

export function whyPending(
  current: ManifestFile | undefined,
  next: ManifestFile,
): readonly string[] {
  const inFull = sensitiveInFull(next, current).map(({ context, why }) => {
    return `${placeOf(context)} is sensitive (${sensitiveWords[why]}): "full" takes two roles`;
  });
  const drops = current !== undefined && dropsSensitive(current, next);
  return [
    ...inFull,
    ...(drops ? ['a context is no longer said to be sensitive: that takes two roles'] : []),
    ...(isWider(current, next) ? [widerWords(current)] : []),
  ];
}

function widerWords(current: ManifestFile | undefined): string {
  return current === undefined ? 'it is the first' : 'it captures more than the one before';
}
