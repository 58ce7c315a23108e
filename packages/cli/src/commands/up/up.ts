// `up`: the composition root of the one-machine organisation: witness, server and vault, in this
// order, stopped in the other, and started again when they die.
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { makePrivateFolder, readFileIfAny } from '@handrail/agent/home/files';
import { HandrailError } from '@handrail/core/errors';
import { findOcr, ocrSays } from '@handrail/vault/keeper/workers/find-ocr';
import { unfinishedMark } from '../../backup/restore.ts';
import { defaultDataFolder } from '../../config.ts';
import { loadPerson, savePerson } from '../../home/person.ts';
import type { Session } from '../../session.ts';
import { takeLock } from '../../witness/process-lock.ts';
import type { UpOptions } from './command.ts';
import { createProgramme } from './create.ts';
import { homesOf, type Layout, layoutOf } from './layout.ts';
import { childNotes, endLeftovers } from './leftovers.ts';
import { keeperLaunch, type Place, portOf, serverLaunch, urlIn, witnessLaunch } from './parts.ts';
import { startProbing } from './probing.ts';
import { type ProgrammeFile, readProgrammeFile, writeProgrammeFile } from './programme-file.ts';
import { type Part, supervise, type Watch } from './supervise.ts';

const kDefault = 5;

export async function run(session: Session, options: UpOptions): Promise<undefined> {
  const stop = session.stopSignal();
  const { out } = session;
  const layout = layoutOf(resolve(options.data ?? defaultDataFolder()));
  await makePrivateFolder(layout.data);
  await using stack = new AsyncDisposableStack();
  stack.defer(await takeLock(layout.lock));
  if ((await readFileIfAny(join(layout.data, unfinishedMark))) !== undefined) {
    throw new HandrailError('state.conflict', 'A restore was cut off: run it again first.');
  }
  await endLeftovers(layout.children);
  const programme = await programmeOf(layout, options.k);
  const place = { layout, programme };
  const ocr = await findOcr(undefined);
  if (ocr.kind !== 'program') out.note(`Text in frames is read by ${ocrSays(ocr)}.`);
  const starting = startAll(place, options, stack, out.note);
  const { url, parts } = await out.during('Starting', starting);
  await rememberAddress(place, url);
  const invite = `${programme.inviteToken}.${programme.fingerprint}`;
  const facts = { url, invite, ...homesOf(layout), vaultHome: layout.vaultHome };
  out.print(facts, welcome(facts, programme));
  stack.use(startProbing(place, { url, invite }, out.note));
  const stopped = stop.aborted ? Promise.resolve() : once(stop, 'abort');
  await Promise.race([stopped, ...parts.map((part) => part.broken)]);
}

async function programmeOf(layout: Layout, k: number | undefined): Promise<ProgrammeFile> {
  const known = await readProgrammeFile(layout);
  if (known === undefined) return createProgramme(layout, k ?? kDefault);
  if (k !== undefined && k !== known.k) {
    const advice = 'leave --k out, or name another --data';
    throw new HandrailError('usage.invalid', `The charter here says k ${known.k}: ${advice}.`);
  }
  return known;
}

async function startAll(
  place: Place,
  options: UpOptions,
  stack: AsyncDisposableStack,
  note: (line: string) => void,
) {
  const onStart = childNotes(place.layout.children);
  const part = async (launch: Watch['launch']): Promise<Part> => {
    const started = await supervise({ launch, onStart, note });
    stack.defer(started.stop);
    return started;
  };
  // Started again, a part keeps the address that the others know.
  const witness = await part(async (before) =>
    witnessLaunch(place, before === undefined ? 0 : portOf(urlIn(before))),
  );
  const witnessUrl = urlIn(witness.ready);
  const wished = options.port ?? place.programme.port;
  const server = await part((before) => {
    const port = before === undefined ? wished : portOf(urlIn(before));
    return serverLaunch(place, witnessUrl, port, options.database);
  });
  const url = urlIn(server.ready);
  const keeper = await part(() => keeperLaunch(place, url));
  return { url, parts: [witness, server, keeper] };
}

/** Those who joined and those who decide find the organisation where it was. */
async function rememberAddress({ layout, programme }: Place, url: string): Promise<void> {
  const port = portOf(url);
  if (port !== programme.port) await writeProgrammeFile(layout, { ...programme, port });
  const { fingerprint } = programme;
  for (const home of Object.values(homesOf(layout))) {
    if ((await readFileIfAny(join(home, 'person.json'))) === undefined) continue;
    const person = await loadPerson(home);
    if (person.programme?.url === url) continue;
    await savePerson(home, { ...person, programme: { url, fingerprint } });
  }
}

interface Facts {
  readonly url: string;
  readonly invite: string;
  readonly stewardHome: string;
  readonly officerHome: string;
  readonly researcherHome: string;
  readonly commanderHome: string;
  readonly proberHome: string;
  readonly vaultHome: string;
}

function welcome(facts: Facts, { k, fingerprint }: ProgrammeFile): readonly string[] {
  return [
    `A sample organisation runs at ${facts.url} (releases from ${k} people up).`,
    'It is for trying out: this account can read everything and sign as every role.',
    `Fingerprint: ${fingerprint}`,
    '',
    'Nothing is recorded until a manifest is active:',
    `  handrail --home ${facts.stewardHome} manifest set FILE`,
    `  handrail --home ${facts.officerHome} manifest approve ID`,
    'Then take part, and record:',
    `  handrail join ${facts.url} --invite ${facts.invite} --name YOU`,
    '  handrail agent',
    `Researcher: ${facts.researcherHome}`,
    `When something goes wrong: handrail --home ${facts.commanderHome} incident open`,
    `Vault (no backup, no snapshot): ${facts.vaultHome}`,
    'Stop with Ctrl+C.',
  ];
}
