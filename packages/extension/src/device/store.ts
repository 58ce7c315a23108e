// What this browser keeps of its participant, in IndexedDB: keys that no script can read, what was
// agreed to, and sealed segments. Nothing that was captured lies here in the clear.
import type { Hole, SpoolNote } from '@handrail/core/device';
import type { Signer } from '@handrail/core/seal';
import type { Consent, ManifestStatement, Signed } from '@handrail/core/statement';

export interface Device {
  readonly url: string;
  readonly fingerprint: string;
  readonly vaultKey: string;
  /** Ed25519; its private half cannot be exported. */
  readonly signing: CryptoKeyPair;
  /** X25519; its private half cannot be exported. */
  readonly reading: CryptoKeyPair;
  readonly consent: Signed<Consent>;
  readonly manifest: Signed<ManifestStatement> | null;
  /** Nothing is captured any more; the organisation may still have to be told. */
  readonly left?: 'here' | 'told';
}

export interface Switches {
  /** Unix ms; null: until resumed; absent: not paused. */
  readonly pausedUntilMs?: number | null;
}

/** What a run leaves for the next one. */
export interface RunState {
  readonly programmeEpoch: number;
  readonly session?: string;
}

export interface Stored {
  readonly note: SpoolNote;
  readonly sealed: Uint8Array;
}

interface Kept {
  readonly facts: Device | Switches | RunState;
  readonly segments: Stored;
  readonly holes: Hole;
}

const stores: readonly (keyof Kept)[] = ['facts', 'segments', 'holes'];

export class Store {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  static async open(): Promise<Store> {
    const request = indexedDB.open('handrail', 1);
    request.onupgradeneeded = () => {
      for (const name of stores) request.result.createObjectStore(name);
    };
    return new Store(await done(request));
  }

  device(): Promise<Device | undefined> {
    return this.#get('facts', 'device') as Promise<Device | undefined>;
  }

  saveDevice(device: Device): Promise<void> {
    return this.put('facts', 'device', device);
  }

  async switches(): Promise<Switches> {
    return ((await this.#get('facts', 'switches')) as Switches | undefined) ?? {};
  }

  saveSwitches(switches: Switches): Promise<void> {
    return this.put('facts', 'switches', switches);
  }

  async runState(): Promise<RunState> {
    return ((await this.#get('facts', 'run')) as RunState | undefined) ?? { programmeEpoch: 1 };
  }

  saveRunState(state: RunState): Promise<void> {
    return this.put('facts', 'run', state);
  }

  segment(id: string): Promise<Stored | undefined> {
    return this.#get('segments', id);
  }

  segments(): Promise<readonly Stored[]> {
    return done(this.#in('segments', 'readonly').getAll());
  }

  holes(): Promise<readonly Hole[]> {
    return done(this.#in('holes', 'readonly').getAll());
  }

  async put<N extends keyof Kept>(name: N, key: string, value: Kept[N]): Promise<void> {
    await done(this.#in(name, 'readwrite').put(value, key));
  }

  async remove(name: keyof Kept, key: string): Promise<void> {
    await done(this.#in(name, 'readwrite').delete(key));
  }

  #get<N extends keyof Kept>(name: N, key: string): Promise<Kept[N] | undefined> {
    return done(this.#in(name, 'readonly').get(key));
  }

  #in(name: keyof Kept, mode: IDBTransactionMode): IDBObjectStore {
    return this.#database.transaction(name, mode, { durability: 'strict' }).objectStore(name);
  }
}

/** Signs with a key that stays where it is. */
export async function signerOf({ publicKey, privateKey }: CryptoKeyPair): Promise<Signer> {
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)),
    sign: async (message) =>
      new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, new Uint8Array(message))),
  };
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
