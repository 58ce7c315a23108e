// All npm packages that one of ours brings onto a machine, as package-lock.json resolves them:
// dependencies of dependencies, optional ones and builds for other platforms included.

interface LockEntry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly link?: boolean;
  readonly resolved?: string;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

/** Names of everything below a workspace folder, sorted, packages of ours left out. */
export function dependencyClosure(lock: Lock, folder: string): readonly string[] {
  const seen = new Set<string>();
  const queue = [folder];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const entry = lock.packages[path];
    const names = { ...entry?.dependencies, ...entry?.optionalDependencies };
    for (const name of Object.keys(names)) queue.push(...installedAt(lock, path, name));
  }
  const outside = [...seen].filter((path) => path.includes('node_modules/'));
  return [...new Set(outside.map(nameOf))].sort();
}

/** Where a package finds a dependency: the nearest node_modules on the way up. */
function installedAt(lock: Lock, from: string, name: string): readonly string[] {
  for (let folder = from; ; folder = parentOf(folder)) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const entry = lock.packages[path];
    if (entry !== undefined) return [entry.link ? (entry.resolved ?? path) : path];
    if (folder === '') return [];
  }
}

function parentOf(folder: string): string {
  return folder.split('/').slice(0, -1).join('/');
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
