// A link between documents leads somewhere: the file is there, and so is the heading.
import { dirname, join, normalize } from 'node:path/posix';
import type { RepositoryFile } from '../support/repository-files.ts';
import { type Violation, violation } from './violation.ts';

/** Links that lead nowhere, in a set of files that holds all there is to link to. */
export function brokenLinks(
  documents: readonly RepositoryFile[],
  paths: readonly string[],
): readonly Violation[] {
  const texts = new Map(documents.map((file) => [file.path, file.text]));
  return documents.flatMap((file) =>
    linksIn(file).flatMap(({ line, target }) =>
      leadsSomewhere(file, target, texts, paths)
        ? []
        : [violation(file, line, `link to ${target} leads nowhere`)],
    ),
  );
}

/** Places in packages that documents name in code, and that are not there. */
export function lostPlaces(file: RepositoryFile, paths: readonly string[]): readonly Violation[] {
  return file.text.split('\n').flatMap((text, index) =>
    [...text.matchAll(/`((?:packages\/)?[a-z]+\/src\/[\w./-]+)`/g)]
      .map(([, place = '']) => `packages/${place.replace(/^packages\//, '').replace(/\/$/, '')}`)
      .filter((place) => !paths.some((path) => path === place || path.startsWith(`${place}/`)))
      .map((place) => violation(file, index + 1, `${place} is not there`)),
  );
}

/** Links of a document that stay in the repository, code blocks left out. */
export function linksIn(file: RepositoryFile): readonly { line: number; target: string }[] {
  return withoutCode(file.text).flatMap((text, index) =>
    [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]:\s+(\S+)/g)]
      .map((match) => match[1] ?? match[2] ?? '')
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ line: index + 1, target })),
  );
}

function leadsSomewhere(
  from: RepositoryFile,
  target: string,
  texts: ReadonlyMap<string, string>,
  paths: readonly string[],
): boolean {
  const [relative = '', heading] = target.split('#');
  const path =
    relative === '' ? from.path : normalize(join(dirname(from.path), relative)).replace(/\/$/, '');
  const isFolder = paths.some((known) => known.startsWith(`${path}/`));
  if (!paths.includes(path) && !isFolder) return false;
  const text = texts.get(path);
  return heading === undefined || text === undefined || headingsOf(text).includes(heading);
}

/** Headings as the addresses that GitHub gives them. */
function headingsOf(text: string): readonly string[] {
  return withoutBlocks(text)
    .flatMap((line) => /^#{1,6}\s+(.*)$/.exec(line)?.[1] ?? [])
    .map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    );
}

function withoutCode(text: string): readonly string[] {
  return withoutBlocks(text).map((line) => line.replace(/`[^`]*`/g, '`'));
}

function withoutBlocks(text: string): readonly string[] {
  let inBlock = false;
  return text.split('\n').map((line) => {
    const fence = /^\s*(```|~~~)/.test(line);
    if (fence) inBlock = !inBlock;
    return fence || inBlock ? '' : line;
  });
}
