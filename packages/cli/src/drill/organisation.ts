// The drill's own organisation: the processes that `up` starts, but its server can be stopped and
// another put in its place, under the same address and over the same data.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePrivateFolder, writeFileDurably } from '@handrail/agent/home/files';
import { type Child, type Launch, startChild } from '../commands/up/child.ts';
import { createProgramme } from '../commands/up/create.ts';
import { homesOf, type Layout, layoutOf } from '../commands/up/layout.ts';
import {
  keeperLaunch,
  type Place,
  portOf,
  serverLaunch,
  urlIn,
  witnessLaunch,
} from '../commands/up/parts.ts';
import { loadPerson, savePerson } from '../home/person.ts';

const laxMain = fileURLToPath(new URL('./lax-server.ts', import.meta.url));
/** The shortest there is, so that who is cut off stops while we look. */
const leaseSeconds = 10;

export class DrillOrganisation implements AsyncDisposable {
  readonly layout: Layout;
  readonly url: string;
  readonly invite: string;
  readonly fingerprint: string;
  readonly #place: Place;
  readonly #witness: Child;
  readonly #keeper: Child;
  #server: Child;

  private constructor(place: Place, witness: Child, server: Child, keeper: Child) {
    const { fingerprint, inviteToken } = place.programme;
    this.#place = place;
    this.#witness = witness;
    this.#server = server;
    this.#keeper = keeper;
    this.layout = place.layout;
    this.url = urlIn(server.ready);
    this.fingerprint = fingerprint;
    this.invite = `${inviteToken}.${fingerprint}`;
  }

  /** k is 1: few take part in a drill. */
  static async start(data: string): Promise<DrillOrganisation> {
    const layout = layoutOf(data);
    await makePrivateFolder(layout.data);
    const place = { layout, programme: await createProgramme(layout, 1) };
    const witness = await startChild(witnessLaunch(place, 0));
    const server = await startChild(await launchOf(place, urlIn(witness.ready), 0));
    const url = urlIn(server.ready);
    const keeper = await startChild(await keeperLaunch(place, url));
    await rememberAddress(place, url);
    return new DrillOrganisation(place, witness, server, keeper);
  }

  /** The server stops, `meanwhile` is done, and another starts in its place. */
  async replaceServer(kind: 'sound' | 'lax', meanwhile: () => Promise<void>): Promise<void> {
    await this.#server.stop();
    await meanwhile();
    const witnessUrl = urlIn(this.#witness.ready);
    const launch = await launchOf(this.#place, witnessUrl, portOf(this.url));
    const [, ...settings] = launch.command;
    const lax = { ...launch, command: [laxMain, ...settings] };
    this.#server = await startChild(kind === 'lax' ? lax : launch);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#keeper.stop();
    await this.#server.stop();
    await this.#witness.stop();
  }
}

async function launchOf(place: Place, witnessUrl: string, port: number): Promise<Launch> {
  const launch = await serverLaunch(place, witnessUrl, port, undefined);
  const settings = place.layout.settings('server');
  const given: unknown = JSON.parse(await readFile(settings, 'utf8'));
  await writeFileDurably(settings, JSON.stringify(Object.assign({}, given, { leaseSeconds })));
  return launch;
}

async function rememberAddress({ layout, programme }: Place, url: string): Promise<void> {
  const homes = [...Object.values(homesOf(layout)), join(layout.proberHome, 'researcher')];
  for (const home of homes) {
    const person = await loadPerson(home);
    const { fingerprint } = programme;
    await savePerson(home, { ...person, programme: { url, fingerprint } });
  }
}
