// The ledger's folder: tiles and bundles as C2SP tlog-tiles lays them out, and two checkpoints.
// `pending` is the one that witnesses are asked about; `checkpoint` is what the world sees.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LedgerFile, LedgerReader } from '@handrail/core/ledger';
import { isMissing, replaceFile, storageError, syncFolder } from '../storage/durable-file.ts';

const asideName = '.aside';
export const pendingPath = 'pending';
/** What a reader may ask for. */
const partialPattern = /(\.p\/([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]))?/.source;
const publicPattern = new RegExp(
  `^(checkpoint|tile/([0-6]|entries)/(x\\d{3}/){0,5}\\d{3}${partialPattern})$`,
);

export class LedgerFiles implements LedgerReader {
  readonly #root: string;
  readonly #made = new Set<string>();

  private constructor(root: string) {
    this.#root = root;
  }

  static async open(root: string): Promise<LedgerFiles> {
    await rm(join(root, asideName), { recursive: true, force: true });
    await mkdir(join(root, asideName), { recursive: true, mode: 0o700 });
    await syncFolder(dirname(root));
    return new LedgerFiles(root);
  }

  /** Undefined for what is not there and for every path that is no ledger file. */
  async readTile(path: string): Promise<Uint8Array | undefined> {
    return publicPattern.test(path) ? this.#read(path) : undefined;
  }

  readPending(): Promise<Uint8Array | undefined> {
    return this.#read(pendingPath);
  }

  /** Writes all files durably. Throws `storage.full`, `storage.broken`. */
  async write(files: readonly LedgerFile[]): Promise<void> {
    try {
      const folders = await Promise.all(files.map((file) => this.#writeOne(file)));
      await Promise.all([...new Set(folders)].map(syncFolder));
    } catch (error) {
      throw storageError(error);
    }
  }

  /** Removes what the full tiles have replaced; a reader then takes the full one. */
  async dropPartial(tilePath: string): Promise<void> {
    await rm(join(this.#root, `${tilePath}.p`), { recursive: true, force: true });
  }

  async #writeOne({ path, bytes }: LedgerFile): Promise<string> {
    const whole = join(this.#root, path);
    const folder = dirname(whole);
    if (!this.#made.has(folder)) await this.#make(folder);
    await replaceFile(join(this.#root, asideName), whole, bytes);
    return folder;
  }

  async #make(folder: string): Promise<void> {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) {
      for (let at = dirname(folder); at.length >= this.#root.length; at = dirname(at)) {
        await syncFolder(at);
      }
    }
    if (this.#made.size >= foldersKeptMax) this.#made.clear();
    this.#made.add(folder);
  }

  async #read(path: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.#root, path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw storageError(error);
    }
  }
}

const foldersKeptMax = 1_000;
