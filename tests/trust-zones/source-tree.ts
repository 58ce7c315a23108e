// The packages' sources and manifests, and how one source finds another: by relative path or
// through the exports of a package.
import { dirname, join, normalize } from 'node:path/posix';
import type { RepositoryFile } from '../support/repository-files.ts';

export interface PackageManifest {
  readonly name: string;
  readonly folder: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
}

export interface SourceTree {
  readonly files: ReadonlyMap<string, RepositoryFile>;
  readonly packages: readonly PackageManifest[];
}

export function sourceTree(files: readonly RepositoryFile[]): SourceTree {
  const inPackages = files.filter((file) => file.path.startsWith('packages/'));
  return {
    files: new Map(inPackages.map((file) => [file.path, file])),
    packages: inPackages
      .filter((file) => /^packages\/[^/]+\/package\.json$/.test(file.path))
      .map(readManifest),
  };
}

function readManifest(file: RepositoryFile): PackageManifest {
  const manifest = JSON.parse(file.text) as {
    readonly name: string;
    readonly exports?: Readonly<Record<string, string>>;
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  return {
    name: manifest.name,
    folder: dirname(file.path),
    exports: manifest.exports ?? {},
    dependencies: Object.keys(manifest.dependencies ?? {}),
  };
}

/** Sources of a folder; tests are told apart, since they may use the testbed. */
export function sourcesIn(tree: SourceTree, folder: string): readonly RepositoryFile[] {
  const pattern = /\/src\/.*\.(ts|tsx|mjs|js)$/;
  return [...tree.files.values()].filter(
    (file) => file.path.startsWith(`${folder}/`) && pattern.test(file.path),
  );
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

/** `@scope/name/sub` -> `@scope/name`; `name/sub` -> `name`. */
export function packageNameOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

export type Target =
  | { readonly kind: 'ours'; readonly path: string }
  | { readonly kind: 'outside' }
  | { readonly kind: 'missing' };

/** The source that an import leads to. `missing` is an import of ours that leads nowhere. */
export function resolveImport(tree: SourceTree, from: string, specifier: string): Target {
  if (specifier.startsWith('.')) return present(tree, normalize(join(dirname(from), specifier)));
  const name = packageNameOf(specifier);
  const manifest = tree.packages.find((candidate) => candidate.name === name);
  if (manifest === undefined) return { kind: 'outside' };
  const path = exportedPath(manifest, `.${specifier.slice(name.length)}`);
  return path === undefined ? { kind: 'missing' } : present(tree, join(manifest.folder, path));
}

function exportedPath(manifest: PackageManifest, subpath: string): string | undefined {
  const exact = manifest.exports[subpath];
  if (exact !== undefined) return exact;
  for (const [pattern, target] of Object.entries(manifest.exports)) {
    const [before, after] = pattern.split('*');
    if (before === undefined || after === undefined || !pattern.includes('*')) continue;
    if (!subpath.startsWith(before) || !subpath.endsWith(after)) continue;
    return target.replace('*', subpath.slice(before.length, subpath.length - after.length));
  }
  return undefined;
}

function present(tree: SourceTree, path: string): Target {
  return tree.files.has(path) ? { kind: 'ours', path } : { kind: 'missing' };
}
