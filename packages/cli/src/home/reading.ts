// Reads one thing: signs a session with a key made for it alone, asks for chunk after chunk and
// opens them here. The key is forgotten with the reading; nothing is written.
import { setTimeout as delay } from 'node:timers/promises';
import { toBase64url } from '@handrail/core/bytes';
import { chunkAad, chunksOf, decodeChunk, type ReadingChunk } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { readBox } from '@handrail/core/reader';
import { newSealKeyPair, type Signer } from '@handrail/core/seal';
import {
  type ReadingSession,
  type ReadingSubject,
  sign,
  statementDigest,
} from '@handrail/core/statement';
import {
  type ClientContext,
  call,
  deviceRoutes,
  type JobState,
  personRoutes,
  publicRoutes,
} from '@handrail/core/wire';

const sessionMs = 55 * 60_000;
/** How long the vault may take for one chunk. */
const chunkMsMax = 120_000;
/** A server that says at once that there is nothing yet is not asked all the time. */
const restMs = 100;

export interface Reader {
  readonly client: ClientContext;
  /** A person's key, or a device's. */
  readonly signer: Signer;
  readonly programme: string;
  readonly by: ReadingSession['by'];
  /** How long to wait for one chunk, in ms; two minutes where it is not said. */
  readonly patienceMs?: number;
}

/** Chunks in order, the first with everything but pixels. Throws `access.denied`, `timeout`. */
export async function* readChunks(
  reader: Reader,
  subject: ReadingSubject,
): AsyncGenerator<ReadingChunk, void> {
  const { client, signer, programme, by } = reader;
  const { publicKey, privateKey } = await newSealKeyPair();
  const { nonce } = await call(client, publicRoutes.readingNonce, {});
  const session = await sign(
    {
      ...({ v: 1, kind: 'reading-session', programme, ...subject, by } as const),
      sessionKey: toBase64url(publicKey),
      nonce,
      until: `${new Date(client.nowMs() + sessionMs).toISOString().slice(0, 19)}Z`,
    },
    signer,
  );
  const digest = statementDigest(session);
  const line = lineOf(reader);
  const { job } = await line.open(session);
  try {
    let chunks = 1;
    for (let number = 0; number < chunks; number++) {
      const box = await fetched(line, { job, number, patienceMs: reader.patienceMs ?? chunkMsMax });
      const chunk = decodeChunk(await readBox(privateKey, chunkAad(digest, number), box));
      const whole = chunk.facts ?? chunk.segment;
      if (whole !== undefined) chunks = chunksOf(whole.frames.length);
      yield chunk;
    }
  } finally {
    privateKey.fill(0);
    await line.end(job).catch(() => undefined);
  }
}

type Line = ReturnType<typeof lineOf>;

/** The routes of a person or of a device: they ask for the same. */
function lineOf({ client, by }: Reader) {
  const isPerson = 'grant' in by;
  const openRoute = isPerson ? personRoutes.openReading : deviceRoutes.openMine;
  const chunkRoute = isPerson ? personRoutes.chunk : deviceRoutes.myChunk;
  const jobRoute = isPerson ? personRoutes.job : deviceRoutes.myJob;
  const endRoute = isPerson ? personRoutes.endReading : deviceRoutes.endMine;
  return {
    open: (session: Awaited<ReturnType<typeof sign<ReadingSession>>>) =>
      call(client, openRoute, { body: { session } }),
    chunk: (id: string, number: number) =>
      call(client, chunkRoute, { params: { id, number: String(number) } }),
    job: (id: string): Promise<JobState> => call(client, jobRoute, { params: { id } }),
    end: (id: string) => call(client, endRoute, { params: { id } }),
  };
}

interface Wanted {
  readonly job: string;
  readonly number: number;
  readonly patienceMs: number;
}

async function fetched(line: Line, { job, number, patienceMs }: Wanted): Promise<Uint8Array> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await line.chunk(job, number);
    } catch (error) {
      const code = error instanceof HandrailError ? error.code : undefined;
      if (code === 'not.found') throw new HandrailError('access.denied', await whyNot(line, job));
      if (code !== 'timeout') throw error;
      if (performance.now() >= endMs) throw withheldReading(error);
      await delay(restMs);
    }
  }
}

function withheldReading(cause: unknown): HandrailError {
  const says = 'The vault does not work, or the server withholds what it made. Nothing was shown.';
  return new HandrailError('timeout', says, { cause });
}

async function whyNot(line: Line, job: string): Promise<string> {
  const { reason } = await line.job(job);
  return reason ?? 'The reading has ended: whoever may end it did, or its time is over.';
}
