// Which segments of which session will never come, until the organisation has been told: it refines
// a session past its holes only when it knows them.
import { fromUtf8 } from '@handrail/core/bytes';
import { type ClientContext, call, deviceRoutes } from '@handrail/core/wire';
import { z } from 'zod';
import { readFileIfAny, writeFileDurably } from '../home/files.ts';

const noteSchema = z.array(
  z.strictObject({ session: z.string(), sequences: z.array(z.int()), ended: z.boolean() }),
);
type Notes = z.infer<typeof noteSchema>;
type Note = Notes[number];

/** The route takes no more in one call. */
const toldAtOnceMax = 10_000;

export class Forgotten {
  readonly #path: string;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  add(session: string, sequences: readonly number[], ended: boolean): Promise<void> {
    return this.#inTurn((notes) => {
      const known = notes.find((note) => note.session === session);
      const rest = notes.filter((note) => note !== known);
      const all = [...new Set([...(known?.sequences ?? []), ...sequences])].sort((a, b) => a - b);
      return [...rest, { session, sequences: all, ended: ended || known?.ended === true }];
    });
  }

  /**
   * Tells what is not told yet; that a session has ended only once nothing of it `waits` here.
   * Throws what the server or the line says; nothing is lost then.
   */
  async tell(client: ClientContext, waits: (session: string) => boolean): Promise<void> {
    for (const note of await this.#read()) {
      const told = { ...note, ended: note.ended && !waits(note.session) };
      await tellAll(client, told);
      await this.#inTurn((notes) => notes.flatMap((each) => withoutTold(each, told)));
    }
  }

  /** More may be noted while something is being told: what is read is changed in one turn. */
  #inTurn(change: (notes: Notes) => Notes): Promise<void> {
    const turn = this.#last.then(async () => {
      await writeFileDurably(this.#path, JSON.stringify(change(await this.#read())));
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #read(): Promise<Notes> {
    const bytes = await readFileIfAny(this.#path);
    if (bytes === undefined) return [];
    return noteSchema.safeParse(JSON.parse(fromUtf8(bytes))).data ?? [];
  }
}

/** What was added meanwhile stays. */
function withoutTold(note: Note, told: Note): Notes {
  if (note.session !== told.session) return [note];
  const known = new Set(told.sequences);
  const sequences = note.sequences.filter((sequence) => !known.has(sequence));
  const ended = note.ended && !told.ended;
  return sequences.length > 0 || ended ? [{ ...note, sequences, ended }] : [];
}

async function tellAll(client: ClientContext, { session, sequences, ended }: Note): Promise<void> {
  for (let at = 0; at < sequences.length; at += toldAtOnceMax) {
    const body = { sequences: sequences.slice(at, at + toldAtOnceMax), ended: false };
    await call(client, deviceRoutes.forgotten, { params: { session }, body });
  }
  if (!ended) return;
  const body = { sequences: [], ended };
  await call(client, deviceRoutes.forgotten, { params: { session }, body });
}
