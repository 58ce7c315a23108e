// Asks the witnesses to cosign a checkpoint (C2SP tlog-witness, add-checkpoint). What comes back
// counts only when it verifies under the witness's pinned key.
import { concatBytes, fromUtf8, utf8 } from '@handrail/core/bytes';
import {
  addCheckpointPath,
  addSignatures,
  formatAddCheckpoint,
  type HashReader,
  logSizeContentType,
  parseVerifierLine,
  proveConsistency,
  type VerifierKey,
  verifyCheckpoint,
} from '@handrail/core/ledger';

const askMsMax = 5_000;
const answerBytesMax = 4_096;

export interface WitnessPlace {
  readonly url: string;
  readonly verifierLine: string;
}

export interface Question {
  readonly size: number;
  /** The checkpoint with the log's signature only. */
  readonly note: Uint8Array;
  readonly hashes: HashReader;
  readonly log: VerifierKey;
}

/** One witness, and the size of the log that it is thought to know. */
export class Witness {
  readonly #url: string;
  readonly #key: VerifierKey;
  #knownSize = 0;

  constructor(place: WitnessPlace) {
    this.#url = place.url.replace(/\/$/, '');
    this.#key = parseVerifierLine(place.verifierLine);
  }

  /** The cosignature line, or undefined: unreachable, refused or not valid. */
  async cosign(question: Question): Promise<string | undefined> {
    const first = await this.#ask(question);
    // 409 tells the size that the witness knows; the proof has to start there.
    const answer = first?.knownSize === undefined ? first : await this.#ask(question);
    if (answer?.line === undefined || !(await this.#valid(question, answer.line))) return undefined;
    this.#knownSize = question.size;
    return answer.line;
  }

  async #ask(question: Question) {
    const { size, note, hashes } = question;
    if (this.#knownSize > size) return undefined;
    const proof = await proveConsistency(hashes, this.#knownSize, size);
    const body = formatAddCheckpoint({ oldSize: this.#knownSize, proof, checkpoint: note });
    const reply = await post(`${this.#url}${addCheckpointPath}`, body);
    if (reply?.status === 200) return { line: reply.text.replace(/\n$/, '') };
    if (reply?.status !== 409 || !reply.type.startsWith(logSizeContentType)) return undefined;
    const knownSize = Number(reply.text);
    if (!Number.isSafeInteger(knownSize) || knownSize < 0) return undefined;
    this.#knownSize = knownSize;
    return { knownSize };
  }

  async #valid({ note, log }: Question, line: string): Promise<boolean> {
    const cosigned = addSignatures(note, [line]);
    return (await verifyCheckpoint(cosigned, log, [this.#key], 1)).kind === 'verified';
  }
}

async function post(url: string, body: Uint8Array) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(body),
      redirect: 'error',
      signal: AbortSignal.timeout(askMsMax),
    });
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, text: await shortText(response) };
  } catch {
    return undefined;
  }
}

async function shortText(response: Response): Promise<string> {
  let bytes: Uint8Array = utf8('');
  for await (const part of response.body ?? []) {
    bytes = concatBytes(bytes, part);
    if (bytes.length > answerBytesMax) throw new Error('The answer is too long.');
  }
  return fromUtf8(bytes);
}
