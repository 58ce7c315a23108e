import { readdir, writeFile } from 'node:fs/promises';
import { connect as connectTo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { Machine } from '@handrail/agent/budget/machine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StagedDisplay, startDisplay } from '../display/display.ts';
import { waitFor } from '../display/observed.ts';
import { agreeManifest, type Organisation, startOrganisation } from '../organisation.ts';
import { describeWith, desktopPrograms } from '../require.ts';
import { AgentProcess } from './agent-process.ts';
import { machinePrograms, StagedMachine } from './staged-machine.ts';

/** A lease and what goes with it, many times over; a segment with a frame is larger by far. */
const heartbeatBytesMax = 40_000;

describeWith([...desktopPrograms, ...machinePrograms], 'what an agent may take', () => {
  const stack = new AsyncDisposableStack();
  let organisation: Organisation;
  let display: StagedDisplay;
  let machine: StagedMachine;
  let line: CountedLine;
  let home: string;

  beforeAll(async () => {
    machine = stack.use(await StagedMachine.start());
    organisation = stack.use(await startOrganisation());
    line = stack.use(await CountedLine.to(organisation.url));
    display = stack.use(await startDisplay({ width: 1024, height: 768, bus: true }));
    const note = organisation.path('note.txt');
    await writeFile(note, '');
    await display.startApp('mousepad', ['--disable-server', note]);
    await agreeManifest(organisation, [{ app: 'mousepad', mode: 'full' }]);
    home = organisation.path('home');
    const args = ['join', line.url, '--invite', organisation.invite, '--name', 'Ann', '--accept'];
    await organisation.handrail(home, ...args);
  });
  afterAll(() => stack.disposeAsync());

  const started = () => AgentProcess.on(machine, home, display, '--review-window', '0s');

  async function typed(words: string): Promise<void> {
    await display.xdotool('mousemove', '300', '300', 'click', '1', 'sleep', '0.4');
    await display.xdotool('type', '--delay', '20', words);
    await display.xdotool('sleep', '0.4');
    await organisation.handrail(home, 'task', 'start', 'seal what there is');
    await organisation.handrail(home, 'task', 'end');
  }

  const status = () => organisation.handrail(home, 'status');

  test('UPower and NetworkManager are followed, and without them nothing is known', async () => {
    let changes = 0;
    await using watched = await Machine.watch(machine.systemBus, () => {
      changes += 1;
    });
    expect(watched.state).toEqual({ power: { kind: 'mains' }, link: 'unmetered' });
    await machine.line('metered');
    await machine.power({ battery: 31 });
    const both = { power: { kind: 'battery', percent: 31 }, link: 'metered' };
    await waitFor('the new state', () =>
      JSON.stringify(watched.state) === JSON.stringify(both) ? true : undefined,
    );
    expect(changes).toBeGreaterThan(1);
    await machine.line('unmetered');
    await machine.power('mains');
    await using blind = await Machine.watch('unix:path=/nowhere', () => undefined);
    expect(blind.state).toEqual({ power: { kind: 'unknown' }, link: 'unknown' });
  });

  test('over a metered line only the heartbeat goes out, and the rest once it is not', async () => {
    await machine.line('metered');
    await using agent = started();
    await agent.until('recording');
    const before = line.bytesUp;
    await typed('kept here for now');
    await waitFor('a sealed segment', async () => {
      const names = await readdir(join(home, 'spool'));
      return names.some((name) => name.endsWith('.seg')) ? true : undefined;
    });
    // Leases are further apart than recordings wait to be handed in.
    const { leases } = line;
    await waitFor('the next lease', () => (line.leases > leases ? true : undefined));
    expect(line.bytesUp - before).toBeLessThan(heartbeatBytesMax);
    expect(line.segments).toBe(0);
    expect(await status()).toMatchObject({
      budget: { uploadsWait: 'metered', link: 'metered' },
      segments: { accepted: 0 },
    });
    await machine.line('unmetered');
    await waitFor('what waited', () => (line.segments > 0 ? true : undefined));
    expect(await agent.end('SIGTERM')).toBe(0);
  });

  test('a low battery and a day that is used up stop capture, and it goes on after', async () => {
    await using agent = started();
    await agent.until('recording');
    await machine.power({ battery: 12 });
    await agent.until('budget');
    expect(await status()).toMatchObject({ state: 'budget', reason: 'the battery is low' });
    await machine.power('mains');
    await organisation.handrail(home, 'budget', '--bytes-per-day', '1k');
    await waitFor('the other reason', async () =>
      (await status()).reason === 'the bytes of today are used up' ? true : undefined,
    );
    expect(await agent.end('SIGTERM')).toBe(0);
  });
});

/** Passes on what goes to a server, and counts it. */
class CountedLine implements AsyncDisposable {
  bytesUp = 0;
  segments = 0;
  leases = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(url: string): Promise<CountedLine> {
    const server = createServer();
    const line = new CountedLine(server);
    const port = Number(new URL(url).port);
    server.on('connection', (socket) => {
      const onward = connectTo(port, '127.0.0.1');
      socket.on('data', (bytes) => line.#count(bytes));
      socket.pipe(onward).pipe(socket);
      for (const end of [socket, onward]) end.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('It does not listen.');
    return `http://127.0.0.1:${address.port}`;
  }

  #count(bytes: Buffer): void {
    this.bytesUp += bytes.length;
    const text = bytes.toString('latin1');
    if (/^PUT \/v1\/mine\/segments\//m.test(text)) this.segments += 1;
    if (/^POST \/v1\/mine\/lease/m.test(text)) this.leases += 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
  }
}
