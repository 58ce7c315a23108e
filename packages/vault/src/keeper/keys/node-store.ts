// Where the key tree's sealed nodes are kept: at the server, which sees opaque blobs.
import { fromBase64url, toBase64url } from '@handrail/core/bytes';
import { type ClientContext, call, nodesPerCallMax, vaultRoutes } from '@handrail/core/wire';

export interface NodeStore {
  /** The nodes that exist; missing ones are absent. */
  get(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Durable when it returns. */
  put(nodes: ReadonlyMap<string, Uint8Array>): Promise<void>;
  drop(names: readonly string[]): Promise<void>;
}

/** Most base64url letters of nodes that one call carries: 512 KiB. */
const lettersPerCallMax = 512 * 1024;

export function serverNodeStore(client: ClientContext): NodeStore {
  return {
    get: async (names) => {
      const found = new Map<string, Uint8Array>();
      for (const part of chunks(names)) {
        const { nodes } = await call(client, vaultRoutes.getNodes, { body: { names: part } });
        for (const [name, text] of Object.entries(nodes)) found.set(name, fromBase64url(text));
      }
      return found;
    },
    put: async (nodes) => {
      for (const put of batches(nodes)) {
        await call(client, vaultRoutes.putNodes, { body: { put, drop: [] } });
      }
    },
    drop: async (names) => {
      for (const drop of chunks(names)) {
        await call(client, vaultRoutes.putNodes, { body: { put: {}, drop } });
      }
    },
  };
}

function* chunks(names: readonly string[]): Generator<string[]> {
  for (let at = 0; at < names.length; at += nodesPerCallMax) {
    yield names.slice(at, at + nodesPerCallMax);
  }
}

function* batches(nodes: ReadonlyMap<string, Uint8Array>): Generator<Record<string, string>> {
  let batch: Record<string, string> = {};
  let count = 0;
  let letters = 0;
  for (const [name, bytes] of nodes) {
    const text = toBase64url(bytes);
    if (count >= nodesPerCallMax || (count > 0 && letters + text.length > lettersPerCallMax)) {
      yield batch;
      [batch, count, letters] = [{}, 0, 0];
    }
    batch[name] = text;
    count += 1;
    letters += text.length;
  }
  if (count > 0) yield batch;
}
