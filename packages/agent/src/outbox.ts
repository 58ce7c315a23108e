// What leaves this device: the spool, what was forgotten of it, and the loop that hands it in.
import { retrySeconds, uploadDue } from '@handrail/core/device';
import { type ErrorCode, HandrailError } from '@handrail/core/errors';
import type { ClientContext } from '@handrail/core/wire';
import type { Home } from './home/home.ts';
import { Forgotten } from './spool/forgotten.ts';
import { Spool } from './spool/spool.ts';

/** Tries while the agent is ending; then what is due stays for the next start. */
const drainTriesMax = 4;
/** Uploads are batched: nothing leaves more often than this, give or take the jitter. */
const batchSeconds = 5;

export class Outbox {
  readonly spool: Spool;
  readonly #forgotten: Forgotten;
  readonly #client: ClientContext;
  #refused = 0;
  #waiting: ErrorCode | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #attempt = 0;
  #isOver = false;
  #held: () => string | undefined = () => undefined;

  private constructor(spool: Spool, forgotten: Forgotten, client: ClientContext) {
    this.spool = spool;
    this.#forgotten = forgotten;
    this.#client = client;
  }

  static async open(home: Home, client: ClientContext): Promise<Outbox> {
    const spool = await Spool.open(home.path('spool'));
    return new Outbox(spool, new Forgotten(home.path('forgotten.json')), client);
  }

  /** Segments that the organisation refused for good. */
  get refused(): number {
    return this.#refused;
  }

  /** Why due segments wait, when they do. */
  get waiting(): ErrorCode | undefined {
    return this.#waiting;
  }

  /** Nothing is handed in while `why` says something. */
  heldBy(why: () => string | undefined): void {
    this.#held = why;
  }

  /** Hands in what is due from now on, until `stack` is disposed. */
  start(stack: AsyncDisposableStack): void {
    this.#schedule(0);
    stack.defer(() => {
      this.#isOver = true;
      clearTimeout(this.#timer);
    });
  }

  wake(): void {
    if (this.#attempt === 0) this.#schedule(batchSeconds * Math.random());
  }

  /** Forgets what overlaps the time since `sinceMs` (Unix), or all of `session`; gives how many. */
  async forget(sinceMs: number, session?: string): Promise<number> {
    const notes = this.spool
      .notes()
      .filter(
        (note) => note.toMs >= sinceMs && (session === undefined || note.session === session),
      );
    for (const note of notes) {
      await this.#forgotten.add(note.session, [note.sequence], false);
      await this.spool.drop(note.id);
    }
    this.#schedule(0);
    return notes.length;
  }

  /** Says that `session` has ended, whatever its last segment said. */
  async endSession(session: string): Promise<void> {
    await this.#forgotten.add(session, [], true);
    this.wake();
  }

  /** One pass; for commands that upload without an agent. Gives how many due segments are left. */
  async pass(): Promise<number> {
    const run = this.#running.then(() => this.#pass());
    this.#running = run.catch(() => undefined);
    await run;
    const nowMs = Date.now();
    return this.spool.notes().filter((note) => note.heldUntilMs <= nowMs).length;
  }

  /** Hands in the rest and says that `session` has ended. Gives how many due segments are left. */
  async drain(session: string | undefined): Promise<number> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    if (session !== undefined) await this.#forgotten.add(session, [], true);
    for (let attempt = 1; attempt <= drainTriesMax; attempt++) {
      const left = await this.pass();
      if (left === 0 && this.#waiting === undefined) return 0;
      if (attempt === drainTriesMax || this.#held() !== undefined) return left;
      await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
    }
    return 0;
  }

  #holds(session: string): boolean {
    return this.spool.notes().some((note) => note.session === session);
  }

  #schedule(seconds: number): void {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = this.#running.then(() => this.#pass()).then(() => this.#next());
    }, seconds * 1000);
  }

  #next(): void {
    const again = this.#attempt > 0 ? retrySeconds(this.#attempt, Math.random()) : 60;
    this.#schedule(again);
  }

  async #pass(): Promise<void> {
    if (this.#held() !== undefined) return this.spool.release(Date.now());
    try {
      const outcome = await uploadDue(this.spool, this.#forgotten, this.#client, Date.now());
      this.#refused += outcome.refused.length;
      this.#waiting = outcome.waiting?.because;
      if (!outcome.waiting)
        await this.#forgotten.tell(this.#client, (session) => this.#holds(session));
    } catch (cause) {
      this.#waiting = cause instanceof HandrailError ? cause.code : 'internal';
    }
    this.#attempt = this.#waiting === undefined ? 0 : this.#attempt + 1;
  }
}
