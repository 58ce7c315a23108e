// Which sources are loaded, at once or later, when one is: the walk behind the promise that keys
// stay in the vault.
import type { Violation } from '../tidy/violation.ts';
import { type Import, type ImportKind, importsOf } from './imports.ts';
import { resolveImport, type SourceTree } from './source-tree.ts';

const whenItRuns: readonly ImportKind[] = ['static', 'dynamic', 'named'];

/** Sources reachable from some, each with the one that led there; the starts lead to themselves. */
export function reachable(
  tree: SourceTree,
  starts: readonly string[],
  kinds: readonly ImportKind[] = whenItRuns,
): ReadonlyMap<string, string> {
  const cameFrom = new Map(starts.map((path) => [path, path]));
  const queue = [...starts];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    for (const next of targetsOf(tree, path, kinds)) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, path);
      queue.push(next);
    }
  }
  return cameFrom;
}

function targetsOf(
  tree: SourceTree,
  path: string,
  kinds: readonly ImportKind[],
): readonly string[] {
  const file = tree.files.get(path);
  if (file === undefined || path.endsWith('.json')) return [];
  return importsOf(file)
    .filter((found) => kinds.includes(found.kind))
    .flatMap((found) => {
      const target = resolveImport(tree, path, found.specifier ?? '');
      return target.kind === 'ours' ? [target.path] : [];
    });
}

/** How a forbidden source is reached: one violation for each, with the way there. */
export function forbiddenReach(
  reached: ReadonlyMap<string, string>,
  isForbidden: (path: string) => boolean,
): readonly Violation[] {
  return [...reached.keys()]
    .filter(isForbidden)
    .map((path) => ({ path, line: 1, problem: `loaded by ${wayTo(reached, path).join(' <- ')}` }));
}

function wayTo(reached: ReadonlyMap<string, string>, path: string): readonly string[] {
  const from = reached.get(path);
  return from === undefined || from === path ? [] : [from, ...wayTo(reached, from)];
}

/** Imports that a walk cannot follow: computed ones, and ours that lead nowhere. */
export function unfollowable(tree: SourceTree, paths: readonly string[]): readonly Violation[] {
  return paths.flatMap((path) => {
    const file = tree.files.get(path);
    if (file === undefined) return [];
    return importsOf(file)
      .filter((found) => found.kind !== 'type' && !canFollow(tree, path, found))
      .map(({ line, specifier }) => ({
        path,
        line,
        problem: specifier === undefined ? 'computed import' : `import of ${specifier} not found`,
      }));
  });
}

function canFollow(tree: SourceTree, path: string, { specifier }: Import): boolean {
  if (specifier === undefined) return false;
  return resolveImport(tree, path, specifier).kind !== 'missing';
}
