// The table of trust zones held against what every source imports and every manifest declares.
import { isBuiltin } from 'node:module';
import type { RepositoryFile } from '../support/repository-files.ts';
import { type Violation, violation } from '../tidy/violation.ts';
import { importsOf } from './imports.ts';
import {
  isTest,
  type PackageManifest,
  packageNameOf,
  resolveImport,
  type SourceTree,
  sourcesIn,
} from './source-tree.ts';
import { testbed, type Zone, zones } from './zones.ts';

/** Every import in the packages that leaves its zone, or that its manifest does not declare. */
export function strayImports(tree: SourceTree): readonly Violation[] {
  return tree.packages.flatMap((manifest) => {
    const zone = zones.find((candidate) => candidate.folder === manifest.folder);
    if (zone === undefined || zone.name !== manifest.name)
      return [{ path: manifest.folder, line: 1, problem: `${manifest.name} is in no zone` }];
    return sourcesIn(tree, manifest.folder).flatMap((file) =>
      importsOf(file).flatMap(({ specifier, line }) => {
        const problem =
          specifier === undefined ? undefined : strayReason(tree, zone, manifest, file, specifier);
        return problem === undefined ? [] : [violation(file, line, problem)];
      }),
    );
  });
}

function strayReason(
  tree: SourceTree,
  zone: Zone,
  manifest: PackageManifest,
  file: RepositoryFile,
  specifier: string,
): string | undefined {
  if (specifier.startsWith('.')) return strayRelative(tree, manifest, file, specifier);
  const inTest = isTest(file.path);
  if (isBuiltin(specifier))
    return zone.platform || inTest ? undefined : `${zone.name} may not import ${specifier}`;
  const name = packageNameOf(specifier);
  if (name === zone.name) return undefined;
  const isOurs = zones.some((other) => other.name === name);
  if (isOurs && !zone.mayImport.includes(name) && !(inTest && name === testbed))
    return `${zone.name} may not import ${name}`;
  return inTest || manifest.dependencies.includes(name)
    ? undefined
    : `${name} is not among the dependencies of ${zone.name}`;
}

function strayRelative(
  tree: SourceTree,
  manifest: PackageManifest,
  file: RepositoryFile,
  specifier: string,
): string | undefined {
  const target = resolveImport(tree, file.path, specifier);
  const leaves = target.kind === 'ours' && !target.path.startsWith(`${manifest.folder}/`);
  return leaves ? `${specifier} leaves ${manifest.name}` : undefined;
}

/** Dependencies on packages of ours that the table does not allow, used or not. */
export function strayDependencies(tree: SourceTree): readonly Violation[] {
  return tree.packages.flatMap((manifest) => {
    const zone = zones.find((candidate) => candidate.name === manifest.name);
    return manifest.dependencies
      .filter((name) => zones.some((other) => other.name === name))
      .filter((name) => !zone?.mayImport.includes(name))
      .map((name) => ({
        path: `${manifest.folder}/package.json`,
        line: 1,
        problem: `${manifest.name} may not depend on ${name}`,
      }));
  });
}
