// A manifest in words for those who decide.
import {
  type CaptureContext,
  type ManifestFile,
  type SensitiveReason,
  whySensitive,
} from '@handrail/core/statement';

export function manifestLines({ signals, contexts }: ManifestFile): readonly string[] {
  return [
    `  signals: ${signals.join(', ')}`,
    ...contexts.map((context) => {
      const facts = [context.mode, ...wordsOf(context), ...sensitivityOf(context)];
      return `  context: ${placeOf(context)} (${facts.join('; ')})`;
    }),
  ];
}

export function placeOf({ app, origin, account }: CaptureContext): string {
  return [app, origin, account].filter((part) => part !== undefined).join(' ');
}

function wordsOf({ words = [] }: CaptureContext): readonly string[] {
  return words.length === 0 ? [] : [`also the words ${words.join(', ')}`];
}

function sensitivityOf(context: CaptureContext): readonly string[] {
  const why = whySensitive(context);
  return why === undefined ? [] : [`sensitive: ${sensitiveWords[why]}`];
}

export const sensitiveWords: Readonly<Record<SensitiveReason, string>> = {
  mail: 'mail',
  chat: 'chat',
  meetings: 'meetings',
  hr: "people's employment",
  health: 'health',
  finance: 'money',
  named: 'the manifest says so',
  anywhere: 'it may be any place',
};
