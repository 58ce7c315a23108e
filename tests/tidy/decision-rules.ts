// Every library that runs in production has a decision record, and says no more than it must.
import type { RepositoryFile } from '../support/repository-files.ts';
import { type Violation, violation } from './violation.ts';

const recordPattern = /^docs\/decisions\/\d{4}-[a-z0-9-]+\.md$/;
const recordFields = ['What', 'Why', 'Considered', 'Costs', 'Leaving'];

/** Runtime dependencies of our packages that no decision record names in its title. */
export function undecidedDependencies(files: readonly RepositoryFile[]): readonly Violation[] {
  const titles = files
    .filter((file) => recordPattern.test(file.path))
    .map((file) => file.text.split('\n')[0] ?? '');
  return files
    .filter((file) => /^packages\/[a-z]+\/package\.json$/.test(file.path))
    .flatMap((file) =>
      runtimeDependencies(file.text)
        .filter((name) => !titles.some((title) => title.includes(`\`${name}\``)))
        .map((name) => violation(file, 1, `no decision record names ${name}`)),
    );
}

/** A record on a dependency holds its five lines, each once, and nothing else. */
export function incompleteRecords(files: readonly RepositoryFile[]): readonly Violation[] {
  return files
    .filter((file) => recordPattern.test(file.path) && /^# `/.test(file.text))
    .flatMap((file) => {
      const lines = file.text.split('\n').slice(1).filter(Boolean);
      const fields = lines.map((line) => /^- ([A-Z][a-z]+): \S/.exec(line)?.[1]);
      return fields.join() === recordFields.join()
        ? []
        : [violation(file, 1, `lines must be ${recordFields.join(', ')}`)];
    });
}

function runtimeDependencies(text: string): readonly string[] {
  const manifest = JSON.parse(text) as { readonly dependencies?: Readonly<Record<string, string>> };
  const isOurs = (name: string) => name === 'handrail' || name.startsWith('@handrail/');
  return Object.keys(manifest.dependencies ?? {}).filter((name) => !isOurs(name));
}
