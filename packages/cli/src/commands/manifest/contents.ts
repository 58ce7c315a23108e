// A manifest in words for those who decide.
import type { ManifestFile } from '@handrail/core/statement';

export function manifestLines({ signals, contexts }: ManifestFile): readonly string[] {
  return [
    `  signals: ${signals.join(', ')}`,
    ...contexts.map(({ app, origin, account, mode }) => {
      const place = [app, origin, account].filter((part) => part !== undefined).join(' ');
      return `  context: ${place} (${mode})`;
    }),
  ];
}
