// Objects as files. A key is visible only once its whole content and its name are on disk.
import { mkdir, readdir, readFile, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMissing, nameOnce, storageError, syncFolder, writeAside } from './durable-file.ts';
import { GroupSync } from './group-sync.ts';
import { type ObjectStore, type PutOutcome, requireKey, requirePrefix } from './object-store.ts';

const asideName = '.aside';

export class FileObjectStore implements ObjectStore {
  readonly #root: string;
  readonly #aside: string;
  readonly #folders = new Map<string, GroupSync>();

  private constructor(root: string) {
    this.#root = root;
    this.#aside = join(root, asideName);
  }

  /** Opens the store at `root`; what was left half-written there is removed. */
  static async open(root: string): Promise<FileObjectStore> {
    const store = new FileObjectStore(root);
    await rm(store.#aside, { recursive: true, force: true });
    await mkdir(store.#aside, { recursive: true, mode: 0o700 });
    await syncFolder(root);
    return store;
  }

  async put(key: string, bytes: Uint8Array): Promise<PutOutcome> {
    const path = join(this.#root, requireKey(key));
    try {
      const folder = await this.#folder(dirname(key));
      const aside = await writeAside(this.#aside, bytes);
      const free = await nameOnce(aside, path);
      // Also when it exists: whoever put it may not have been told yet, and we promise durability.
      await folder.sync();
      return free ? 'created' : 'exists';
    } catch (error) {
      throw storageError(error);
    }
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#root, requireKey(key)));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw storageError(error);
    }
  }

  async delete(key: string): Promise<void> {
    try {
      await unlink(join(this.#root, requireKey(key)));
      const folder = await this.#folder(dirname(key));
      await folder.sync();
    } catch (error) {
      if (!isMissing(error)) throw storageError(error);
    }
  }

  async *list(prefix: string): AsyncIterable<string> {
    const folder = requirePrefix(prefix).slice(0, -1);
    const entries = await readdir(join(this.#root, folder), { withFileTypes: true }).catch(
      (error: unknown) => {
        if (isMissing(error)) return [];
        throw storageError(error);
      },
    );
    for (const entry of entries) {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* this.list(`${name}/`);
      else yield name;
    }
  }

  /** The folder of a key, made durably on first use. */
  async #folder(name: string): Promise<GroupSync> {
    const known = this.#folders.get(name);
    if (known) return known;
    const path = join(this.#root, name);
    const made = await mkdir(path, { recursive: true, mode: 0o700 });
    if (made !== undefined) {
      for (let at = dirname(path); at.length >= this.#root.length; at = dirname(at)) {
        await syncFolder(at);
      }
    }
    const folder = new GroupSync(() => syncFolder(path));
    if (this.#folders.size >= foldersKeptMax) this.#folders.clear();
    this.#folders.set(name, folder);
    return folder;
  }
}

const foldersKeptMax = 1_000;
