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

export class Forgotten {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async add(session: string, sequences: readonly number[], ended: boolean): Promise<void> {
    const notes = await this.#read();
    const known = notes.find((note) => note.session === session);
    const rest = notes.filter((note) => note !== known);
    const all = [...new Set([...(known?.sequences ?? []), ...sequences])].sort((a, b) => a - b);
    await this.#write([
      ...rest,
      { session, sequences: all, ended: ended || known?.ended === true },
    ]);
  }

  /** Tells what is not told yet. Throws what the server or the line says; nothing is lost then. */
  async tell(client: ClientContext): Promise<void> {
    const notes = await this.#read();
    for (const [at, { session, sequences, ended }] of notes.entries()) {
      const body = { sequences, ended };
      await call(client, deviceRoutes.forgotten, { params: { session }, body });
      await this.#write(notes.slice(at + 1));
    }
  }

  async #read(): Promise<Notes> {
    const bytes = await readFileIfAny(this.#path);
    if (bytes === undefined) return [];
    return noteSchema.safeParse(JSON.parse(fromUtf8(bytes))).data ?? [];
  }

  async #write(notes: Notes): Promise<void> {
    await writeFileDurably(this.#path, JSON.stringify(notes));
  }
}
