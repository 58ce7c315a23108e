// What this browser may do at the moment: consent and manifest, lease, day keys, and its owner's
// pause or leaving. What cannot be read counts as a no.
import {
  DayKeys,
  type InForce,
  inForce,
  LeaseHolder,
  type Programme,
  readProgramme,
  resumedEpoch,
  shortestFreshness,
  widerThanAgreed,
} from '@handrail/core/device';
import { manifestHash } from '@handrail/core/statement';
import type { ClientContext } from '@handrail/core/wire';
import { clientOf } from '../device/client.ts';
import { renew, tellLeaving } from '../device/enrol.ts';
import { type Device, type Store, signerOf } from '../device/store.ts';
import type { Facts } from './standing.ts';

const dayMs = 86_400_000;

/** One device under one consent; another one has rights of its own. */
export class Rights {
  readonly client: ClientContext;
  readonly dayKeys: DayKeys;
  readonly #store: Store;
  #device: Device;
  #inForce: InForce | undefined;
  #lease: LeaseHolder | undefined;
  #programmeEpoch: number;

  private constructor(store: Store, device: Device, client: ClientContext, epoch: number) {
    this.#store = store;
    this.#device = device;
    this.client = client;
    this.dayKeys = new DayKeys(device);
    this.#programmeEpoch = epoch;
  }

  static async of(store: Store, device: Device): Promise<Rights> {
    const client = clientOf(device.url, await signerOf(device.signing));
    return new Rights(store, device, client, (await store.runState()).programmeEpoch);
  }

  get device(): Device {
    return this.#device;
  }

  get inForce(): InForce | undefined {
    return this.#inForce;
  }

  get programmeEpoch(): number {
    return this.#programmeEpoch;
  }

  facts(): Pick<Facts, 'joined' | 'left' | 'hasManifest' | 'hasKeys' | 'lease'> {
    const none = { kind: 'none', because: 'lease.stale' } as const;
    return {
      joined: true,
      left: this.#device.left !== undefined,
      hasManifest: this.#inForce !== undefined,
      hasKeys: this.dayKeys.hasFor(Date.now()),
      lease: this.#lease?.at(Date.now()) ?? none,
    };
  }

  /** Asks for everything that capture needs. Throws what the server or the line says. */
  async refresh(): Promise<void> {
    this.#device = (await this.#store.device()) ?? this.#device;
    if (this.#device.left === 'here') await tellLeaving(this.#store, this.device);
    if (this.#device.left || this.#device.manifest === null) return;
    const { url, fingerprint, consent } = this.#device;
    const asked = await readProgramme(clientOf(url, undefined), fingerprint).catch(() => undefined);
    this.#inForce = inForce(this.#device, asked?.manifest) ?? this.#inForce;
    if (asked && widerThanAgreed(asked, consent.payload).length > 0) this.#lease = undefined;
    else await this.#refreshLease(asked);
    await this.dayKeys.keep(this.client, Date.now());
    if (asked) await this.#renew(asked);
  }

  async #refreshLease(asked: Programme | undefined): Promise<void> {
    if (!this.#inForce) return;
    const { consentEpoch } = this.#device.consent.payload;
    const wish = { consentEpoch, manifest: manifestHash(this.#inForce.manifest.payload) };
    if (this.#lease?.wish.manifest !== wish.manifest) {
      this.#lease = new LeaseHolder(this.client, wish, this.#programmeEpoch);
    }
    await this.#lease.refresh(asked ? await resumedEpoch(asked) : 0);
    if (this.#lease.programmeEpoch <= this.#programmeEpoch) return;
    this.#programmeEpoch = this.#lease.programmeEpoch;
    const state = await this.#store.runState();
    await this.#store.saveRunState({ ...state, programmeEpoch: this.#programmeEpoch });
  }

  /** Consent counts only for some days: the device renews it while its participant goes on. */
  async #renew(asked: Programme): Promise<void> {
    const ageMs = Date.now() - Date.parse(this.#device.consent.payload.at);
    const isDue = ageMs > (shortestFreshness(asked).consentFreshDaysMax * dayMs) / 2;
    if (!isDue || !this.#inForce || this.#inForce.pending) return;
    await renew(this.#store, this.#device, this.#inForce.manifest);
  }
}
