// Every attack that the documents name is tried: by a test that exists, under the name given there.
import type { RepositoryFile } from '../support/repository-files.ts';
import { type Violation, violation } from './violation.ts';

/** Headings of this depth are attacks; each is followed by lines of "- `FILE`: NAME OF A TEST". */
const attack = /^### (.+)$/;
const held = /^- `([^`]+\.test\.ts)`: (.+)$/;

/** Attacks without a test, and tests that are not there. */
export function untriedAttacks(
  page: RepositoryFile,
  files: readonly RepositoryFile[],
): readonly Violation[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const lines = page.text.split('\n');
  return lines.flatMap((line, index) => {
    const [, path = '', name = ''] = held.exec(line) ?? [];
    if (path !== '' && !hasTest(texts.get(path), name)) {
      return [violation(page, index + 1, `${path} has no test "${name}"`)];
    }
    if (!attack.test(line) || triedBelow(lines.slice(index + 1))) return [];
    return [violation(page, index + 1, 'an attack that no test tries')];
  });
}

/** How many tests a page names. */
export function triedIn({ text }: RepositoryFile): number {
  return text.split('\n').filter((line) => held.test(line)).length;
}

function triedBelow(lines: readonly string[]): boolean {
  const next = lines.findIndex((line) => line.startsWith('#'));
  return lines.slice(0, next < 0 ? lines.length : next).some((line) => held.test(line));
}

function hasTest(text: string | undefined, name: string): boolean {
  return [`'${name}'`, `"${name}"`, `\`${name}\``].some((quoted) => text?.includes(quoted));
}
