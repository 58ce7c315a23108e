// The data card of a release: what it is, what it may be used for, where it came from and what it
// cannot tell. Markdown, made from the manifest's facts alone.
import type { ReleaseManifest } from './release-manifest.ts';

export type CardFacts = Omit<ReleaseManifest, 'files'>;

export function dataCard(facts: CardFacts): string {
  const { recipe, counts } = facts;
  const { reducer, writer } = facts.versions;
  const contexts = recipe.contexts.map(({ app, origin }) => `\`${origin ?? app}\``);
  return `${[
    `# Computer use, release ${facts.release}`,
    `Recorded actions of people who agreed to it, for the purpose \`${facts.purpose}\` only.`,
    '## What is in it',
    table([
      ['actions', facts.rows],
      ['trajectories', counts.trajectories],
      [`participants, in steps of ${facts.k}`, counts.participants],
      ['frames', counts.frames],
      ['actions without a frame', counts.actionsWithoutFrame],
    ]),
    `Contexts: ${contexts.join(', ')}. Actions and frames of other contexts were dropped.`,
    '## Files',
    [
      '- `actions.parquet`: one row per action; a frame stands on the first row that names it.',
      '- `trajectories.jsonl`: one AgentNet line per trajectory, with its frames.',
      '- `manifest.json`: inputs, recipe, versions and the digest of every file.',
    ].join('\n'),
    '## How it was made',
    `Recipe ${facts.recipeDigest}, Handrail ${facts.code}, reducer ${reducer.join(', ')}, ` +
      `writer ${writer}. Built again from the same inputs, the files are the same.`,
    'Each action stands with the newest frame that was complete before it began, with its age.',
    '## What it cannot tell',
    ...Object.entries(facts.losses).map(([name, losses]) => {
      return [`In \`${name}\`:`, ...losses.map((loss) => `- ${loss}`)].join('\n');
    }),
    '## Limits',
    'Secrets and personal data were replaced by rules, which miss what no rule describes. ' +
      'Who uses this data must not try to find out who the participants are. A participant may ' +
      'withdraw: this release is superseded then, and must not be used any more. ' +
      '`handrail release check` says whether it still stands.',
  ].join('\n\n')}\n`;
}

function table(rows: readonly (readonly [string, number])[]): string {
  const lines = rows.map(([name, value]) => `| ${name} | ${value} |`);
  return ['| what | number |', '|---|---|', ...lines].join('\n');
}
