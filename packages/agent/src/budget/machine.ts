// What this machine runs on and how it is connected, as UPower and NetworkManager say it over the
// system bus. Where one of them is not there, that is not known.
import type { Link, Power } from '@handrail/core/budget';
import { type Bus, connectBus } from '../sources/dbus/bus.ts';

export interface MachineState {
  readonly power: Power;
  readonly link: Link;
}

const upower = { name: 'org.freedesktop.UPower', path: '/org/freedesktop/UPower' };
const battery = { ...upower, path: '/org/freedesktop/UPower/devices/DisplayDevice' };
const network = { name: 'org.freedesktop.NetworkManager', path: '/org/freedesktop/NetworkManager' };
/** NetworkManager's NMMetered: yes, and probably yes. */
const metered: readonly unknown[] = [1, 3];
const unmetered: readonly unknown[] = [2, 4];
const changes =
  "type='signal',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged'";
const unknown: MachineState = { power: { kind: 'unknown' }, link: 'unknown' };

/** Follows the machine until disposed; says when anything may have changed. */
export class Machine implements AsyncDisposable {
  readonly #bus: Bus | undefined;
  readonly #onChange: () => void;
  #state: MachineState = unknown;
  #reading: Promise<void> = Promise.resolve();

  private constructor(bus: Bus | undefined, onChange: () => void) {
    this.#bus = bus;
    this.#onChange = onChange;
  }

  /** `systemBus`: address of a message bus; without one, or where it is down, nothing is known. */
  static async watch(systemBus: string | undefined, onChange: () => void): Promise<Machine> {
    const bus = systemBus === undefined ? undefined : await connected(systemBus);
    const machine = new Machine(bus, onChange);
    if (bus) await machine.#follow(bus);
    return machine;
  }

  get state(): MachineState {
    return this.#state;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bus?.[Symbol.asyncDispose]();
  }

  async #follow(bus: Bus): Promise<void> {
    for (const path of [upower.path, battery.path, network.path]) {
      await bus.match(`${changes},path='${path}'`).catch(() => undefined);
    }
    bus.onSignal(({ member }) => {
      if (member === 'PropertiesChanged') this.#readAgain();
    });
    bus.onGone(() => {
      this.#state = unknown;
      this.#onChange();
    });
    this.#readAgain();
    await this.#reading;
  }

  #readAgain(): void {
    this.#reading = this.#reading.then(async () => {
      if (this.#bus) this.#state = await readState(this.#bus);
      this.#onChange();
    });
  }
}

async function connected(address: string): Promise<Bus | undefined> {
  return connectBus(address).catch(() => undefined);
}

async function readState(bus: Bus): Promise<MachineState> {
  const [onBattery, percent, meteredNow] = await Promise.all([
    bus.property(upower, 'org.freedesktop.UPower', 'OnBattery'),
    bus.property(battery, 'org.freedesktop.UPower.Device', 'Percentage'),
    bus.property(network, 'org.freedesktop.NetworkManager', 'Metered'),
  ]);
  return { power: powerOf(onBattery, percent), link: linkOf(meteredNow) };
}

/** On battery of an unknown charge counts as empty: unknown means no. */
function powerOf(onBattery: unknown, percent: unknown): Power {
  if (onBattery === true) {
    return { kind: 'battery', percent: typeof percent === 'number' ? percent : 0 };
  }
  return { kind: onBattery === false ? 'mains' : 'unknown' };
}

function linkOf(value: unknown): Link {
  if (metered.includes(value)) return 'metered';
  return unmetered.includes(value) ? 'unmetered' : 'unknown';
}
