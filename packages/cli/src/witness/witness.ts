// An independent eye on a ledger: it cosigns only checkpoints that continue the last one it saw,
// so a log that forks or rolls back finds no cosigner. Speaks C2SP tlog-witness on loopback.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import {
  addCheckpointBytesMax,
  addCheckpointPath,
  parseVerifierLine,
  verifierLine,
} from '@handrail/core/ledger';
import {
  type Answer,
  addCheckpoint,
  lastCheckpoint,
  plainAnswer,
  type WitnessContext,
} from './answer.ts';
import { openWitnessKey } from './key-file.ts';
import { WitnessState } from './state-file.ts';

const connectionsMax = 64;
const requestMsMax = 10_000;
const waitingMax = 64;
const loopback = '127.0.0.1';

export interface WitnessOptions {
  /** Made with mode 0600 on first use. */
  readonly keyFile: string;
  /** The last checkpoints; losing it while the key lives on would allow a fork. */
  readonly stateFile: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Verifier lines of the logs to witness. */
  readonly logs: readonly string[];
  /** Name of a new key; by default made from the key itself. */
  readonly name?: string;
  /** Unix milliseconds; the system's clock by default. */
  readonly nowMs?: () => number;
}

export interface Witness {
  /** Submission and monitoring prefix, without a slash at the end. */
  readonly url: string;
  /** To pin at whoever relies on this witness. */
  readonly verifierLine: string;
  close(): Promise<void>;
}

/** Starts a witness. Throws `data.locked`, `storage.broken`, or `input.invalid` for a log's key. */
export async function startWitness(options: WitnessOptions): Promise<Witness> {
  const logs = options.logs.map(parseVerifierLine);
  const key = await openWitnessKey(options.keyFile, options.name);
  const state = await WitnessState.open(options.stateFile);
  const nowMs = options.nowMs ?? Date.now;
  const server = witnessServer({ key, state, logs, nowMs });
  try {
    const port = await listen(server, options.port);
    const close = () => stop(server, state);
    return { url: `http://${loopback}:${port}`, verifierLine: verifierLine(key.verifier), close };
  } catch (error) {
    await state[Symbol.asyncDispose]();
    throw error;
  }
}

function witnessServer(context: WitnessContext): Server {
  const inTurn = oneAtATime();
  const server = createServer((request, response) => {
    void answerTo(context, inTurn, request)
      .catch(() => plainAnswer(500, 'The witness could not keep its state.'))
      .then(({ status, contentType, body }) => {
        if (status === 413) response.setHeader('connection', 'close');
        response.writeHead(status, { 'content-type': contentType, 'content-length': body.length });
        response.end(body);
      });
  });
  server.maxConnections = connectionsMax;
  server.requestTimeout = requestMsMax;
  server.headersTimeout = requestMsMax;
  return server;
}

async function answerTo(
  context: WitnessContext,
  inTurn: Turns,
  request: IncomingMessage,
): Promise<Answer> {
  const path = request.url ?? '';
  if (request.method === 'GET') return lastCheckpoint(context, path);
  if (path !== addCheckpointPath) return plainAnswer(404, 'Post to add-checkpoint.');
  if (request.method !== 'POST') return plainAnswer(405, 'Post to add-checkpoint.');
  const body = await readBody(request);
  if (body === undefined) return plainAnswer(413, 'The request is too large.');
  return inTurn(() => addCheckpoint(context, body));
}

/** Undefined when the body is over its limit; the rest is not read. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    bytes += part.length;
    if (bytes > addCheckpointBytesMax) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

type Turns = (work: () => Promise<Answer>) => Promise<Answer>;

/** Runs one decision after the other; those waiting beyond the limit are told to come back. */
function oneAtATime(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return (work) => {
    if (waiting >= waitingMax) return Promise.resolve(plainAnswer(503, 'Try again shortly.'));
    waiting += 1;
    const turn = last.then(work).finally(() => {
      waiting -= 1;
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, loopback, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

async function stop(server: Server, state: WitnessState): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  await state[Symbol.asyncDispose]();
}
