// A machine's power and line, as its services would tell them: a message bus of its own with
// python-dbusmock speaking for UPower and NetworkManager.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitFor } from '../display/observed.ts';

const run = promisify(execFile);
const python = '/usr/bin/python3';
/** What it needs, for `describeWith`. */
export const machinePrograms = [
  'dbus-daemon',
  'dbus-send',
  '/usr/lib/python3/dist-packages/dbusmock',
] as const;

const upower = 'org.freedesktop.UPower';
const network = 'org.freedesktop.NetworkManager';
const networkPath = '/org/freedesktop/NetworkManager';
const displayDevice = '/org/freedesktop/UPower/devices/DisplayDevice';
const metered = { metered: '1', unmetered: '2' } as const;

export class StagedMachine implements AsyncDisposable {
  readonly systemBus: string;
  readonly #stack: AsyncDisposableStack;

  private constructor(systemBus: string, stack: AsyncDisposableStack) {
    this.systemBus = systemBus;
    this.#stack = stack;
  }

  /** On mains, with a line that is not paid by volume. */
  static async start(): Promise<StagedMachine> {
    const stack = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'machine-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const address = `unix:path=${join(folder, 'bus')}`;
    const machine = new StagedMachine(address, stack);
    ending(stack, spawn('dbus-daemon', ['--session', '--nofork', `--address=${address}`]));
    await answers(() =>
      machine.#send('org.freedesktop.DBus', '/', 'org.freedesktop.DBus.ListNames'),
    );
    for (const template of ['upower', 'networkmanager']) {
      const env = { PATH: process.env.PATH, DBUS_SYSTEM_BUS_ADDRESS: address };
      ending(stack, spawn(python, ['-m', 'dbusmock', '-t', template], { env }));
    }
    await answers(() => machine.power('mains'));
    const property = [`string:${network}`, 'string:Metered', `variant:uint32:${metered.unmetered}`];
    await answers(() =>
      machine.#send(network, networkPath, 'org.freedesktop.DBus.Mock.AddProperty', ...property),
    );
    return machine;
  }

  /** `battery` is a charge in percent. */
  async power(state: 'mains' | { readonly battery: number }): Promise<void> {
    const isMains = state === 'mains';
    const percent = isMains ? 100 : state.battery;
    await this.#set(upower, displayDevice, `${upower}.Device`, 'Percentage', `double:${percent}`);
    const onBattery = `boolean:${!isMains}`;
    await this.#set(upower, '/org/freedesktop/UPower', upower, 'OnBattery', onBattery);
  }

  async line(state: 'metered' | 'unmetered'): Promise<void> {
    await this.#set(network, networkPath, network, 'Metered', `uint32:${metered[state]}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }

  #set(name: string, path: string, iface: string, property: string, value: string): Promise<void> {
    const method = 'org.freedesktop.DBus.Properties.Set';
    const args = [`string:${iface}`, `string:${property}`, `variant:${value}`];
    return this.#send(name, path, method, ...args);
  }

  async #send(name: string, path: string, method: string, ...args: string[]): Promise<void> {
    const to = [`--bus=${this.systemBus}`, '--print-reply', `--dest=${name}`];
    await run('dbus-send', [...to, path, method, ...args]);
  }
}

function ending(stack: AsyncDisposableStack, child: ChildProcess): void {
  stack.defer(
    () =>
      new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  );
}

async function answers(ask: () => Promise<void>): Promise<void> {
  await waitFor('the machine’s services', () =>
    ask().then(
      () => true,
      () => undefined,
    ),
  );
}
