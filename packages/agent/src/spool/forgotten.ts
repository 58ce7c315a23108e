// Which segments of which session will never come, until the organisation has been told: it refines
// a session past its holes only when it knows them.
import { fromUtf8 } from '@handrail/core/bytes';
import { tellHole } from '@handrail/core/device';
import type { ClientContext } from '@handrail/core/wire';
import { z } from 'zod';
import { readFileIfAny, writeFileDurably } from '../home/files.ts';

const noteSchema = z.array(
  z.strictObject({ session: z.string(), sequences: z.array(z.int()), ended: z.boolean() }),
);
type Notes = z.infer<typeof noteSchema>;
type Note = Notes[number];

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
      await tellHole(client, told);
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
