// Where the one-machine organisation keeps what. Keys that open, and keys that sign for persons,
// lie beside the data folder and never in it, so that a copy of the data opens nothing.
import { join } from 'node:path';

export interface Layout {
  readonly data: string;
  /** The vault's identity, its key root and what it must not forget. Put it in no snapshot. */
  readonly vaultHome: string;
  readonly stewardHome: string;
  readonly officerHome: string;
  readonly researcherHome: string;
  readonly commanderHome: string;
  /** Its key only stops things. */
  readonly proberHome: string;
  readonly people: string;
  /** One `up` at a time. */
  readonly lock: string;
  /** There while a first use is not complete. */
  readonly setup: string;
  readonly programme: string;
  readonly charter: string;
  /** What stands in the ledger next to the charter. */
  readonly founding: string;
  readonly notice: string;
  readonly dpia: string;
  readonly logKey: string;
  readonly witnessKey: string;
  readonly witnessState: string;
  readonly server: string;
  readonly settings: (part: string) => string;
  readonly log: (part: string) => string;
  readonly children: string;
}

/** Folders to make, private to their owner. */
export function foldersOf({ data }: Layout): readonly string[] {
  return [
    data,
    ...['programme', 'witness', 'server', 'run', 'log'].map((name) => join(data, name)),
  ];
}

/** Of everybody whom the charter names. */
export function homesOf(layout: Layout) {
  const { stewardHome, officerHome, researcherHome, commanderHome, proberHome } = layout;
  return { stewardHome, officerHome, researcherHome, commanderHome, proberHome };
}

export function layoutOf(data: string): Layout {
  const people = `${data}-people`;
  return {
    data,
    vaultHome: `${data}-vault`,
    people,
    stewardHome: join(people, 'steward'),
    officerHome: join(people, 'officer'),
    researcherHome: join(people, 'researcher'),
    commanderHome: join(people, 'commander'),
    proberHome: join(people, 'prober'),
    lock: join(data, 'up.lock'),
    setup: join(data, 'setup-unfinished'),
    programme: join(data, 'programme', 'programme.json'),
    charter: join(data, 'programme', 'charter.json'),
    founding: join(data, 'programme', 'founding.json'),
    notice: join(data, 'programme', 'notice.txt'),
    dpia: join(data, 'programme', 'dpia.txt'),
    logKey: join(data, 'programme', 'log-key'),
    witnessKey: join(data, 'witness', 'key'),
    witnessState: join(data, 'witness', 'state'),
    server: join(data, 'server'),
    settings: (part) => join(data, 'run', `${part}.json`),
    log: (part) => join(data, 'log', `${part}.log`),
    children: join(data, 'run', 'children.json'),
  };
}
