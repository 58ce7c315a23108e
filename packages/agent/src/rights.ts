// What this device may do at the moment: consent and manifest, lease, day keys, and its owner's
// pause or withdrawal. What cannot be read counts as a no.

import {
  DayKeys,
  type InForce,
  inForce,
  LeaseHolder,
  type Programme,
  resumedEpoch,
  widerThanAgreed,
} from '@handrail/core/device';
import { type Charter, manifestHash, type WiderTerm } from '@handrail/core/statement';
import { type ClientContext, ledgerReader, policyOf } from '@handrail/core/wire';
import { renew } from './enrol/join.ts';
import { readProgramme } from './enrol/programme.ts';
import type { Device, Home } from './home/home.ts';
import { followLedger, ledgerEvidence } from './ledger/known-ledger.ts';
import type { Facts } from './standing.ts';

export interface RightsParts {
  readonly home: Home;
  readonly device: Device;
  readonly client: ClientContext;
  /** Another manifest or consent holds from now on: what was recorded under the old one ends. */
  readonly onChange: () => Promise<void>;
}

const dayMs = 86_400_000;
/** How often a device looks whether the ledger still continues what it knows. */
const followMinutes = 5;

export class Rights {
  readonly dayKeys: DayKeys;
  /** The highest that was ever seen, also by earlier runs. */
  programmeEpoch = 1;
  readonly #parts: RightsParts;
  #device: Device;
  #inForce: InForce | undefined;
  #lease: LeaseHolder | undefined;
  #pausedUntilMs: number | null | undefined;
  #resumedEpoch = 1;
  #widerTerms: readonly WiderTerm[] = [];
  #ledger: string | undefined;
  #followedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: RightsParts) {
    this.#parts = parts;
    this.#device = parts.device;
    this.dayKeys = new DayKeys(parts.device);
  }

  get device(): Device {
    return this.#device;
  }

  get inForce(): InForce | undefined {
    return this.#inForce;
  }

  /** In what the charter asks for more than was agreed to: nothing is captured until it is. */
  get widerTerms(): readonly WiderTerm[] {
    return this.#widerTerms;
  }

  /** Undefined: not paused; null: until resumed; otherwise Unix ms. */
  get pausedUntilMs(): number | null | undefined {
    return this.#pausedUntilMs;
  }

  get hasLiveLease(): boolean {
    return this.#lease?.at(Date.now()).kind === 'live';
  }

  facts(): Omit<Facts, 'display' | 'indicator' | 'trouble' | 'budget'> {
    const because = this.#widerTerms.length > 0 ? 'consent.stale' : 'lease.stale';
    const none = { kind: 'none', because } as const;
    return {
      withdrawn: this.#device.withdrawn,
      pausedUntilMs: this.#pausedUntilMs,
      hasManifest: this.#device.manifest !== null,
      hasKeys: this.dayKeys.hasFor(Date.now()),
      lease: this.#lease?.at(Date.now()) ?? none,
      ledger: this.#ledger,
    };
  }

  /** Which manifest is in force; gives the programme where the server can be reached. */
  async readManifest(): Promise<Programme | undefined> {
    const device = await this.#parts.home.device();
    const programme = await readProgramme(device.url, device.fingerprint).catch(() => undefined);
    const isSame = device.consent.payload.manifest === this.#device.consent.payload.manifest;
    this.#device = programme ? await this.#pinned(device, programme) : device;
    if (programme) this.#widerTerms = widerThanAgreed(programme, device.consent.payload);
    if (programme) this.#resumedEpoch = await resumedEpoch(programme);
    if (programme || !isSame || !this.#inForce) {
      this.#inForce = inForce(device, programme?.manifest);
    }
    return programme;
  }

  /** From now on nothing counts that does not follow from the newest charter seen. */
  async #pinned(device: Device, { fingerprint }: Programme): Promise<Device> {
    if (device.fingerprint === fingerprint) return device;
    const now = { ...(await this.#parts.home.device()), fingerprint };
    await this.#parts.home.saveDevice(now);
    return now;
  }

  /** A ledger that contradicts itself ends capture; one that cannot be read says nothing. */
  async followLedger(charter: Charter): Promise<void> {
    const { home, client } = this.#parts;
    const isDue = Math.abs(Date.now() - this.#followedAtMs) >= followMinutes * 60_000;
    if (!isDue) return;
    this.#followedAtMs = Date.now();
    await followLedger(home, ledgerReader(client), policyOf(charter), Date.now());
    this.#ledger = (await ledgerEvidence(home))?.reason;
  }

  /** Consent counts only for some days: the device renews it while its participant goes on. */
  async renew({ consentFreshDaysMax }: Pick<Charter, 'consentFreshDaysMax'>): Promise<void> {
    const ageMs = Date.now() - Date.parse(this.#device.consent.payload.at);
    const isDue = ageMs > (consentFreshDaysMax * dayMs) / 2;
    if (!isDue || !this.#inForce || this.#inForce.pending || this.#device.withdrawn) return;
    await renew(this.#parts.home, this.#inForce.manifest);
    this.#device = await this.#parts.home.device();
  }

  /** True when the programme's epoch has risen, which must be remembered. */
  async refreshLease({ manifest }: InForce): Promise<boolean> {
    if (this.#widerTerms.length > 0) {
      this.#lease = undefined;
      await this.#parts.onChange();
      return false;
    }
    const { consentEpoch } = this.#device.consent.payload;
    const wish = { consentEpoch, manifest: manifestHash(manifest.payload) };
    const before = this.#lease?.wish;
    if (before?.manifest !== wish.manifest || before.consentEpoch !== consentEpoch) {
      // What holds has changed: it applies at once, not after a restart.
      this.#lease = undefined;
      await this.#parts.onChange();
      this.#lease = new LeaseHolder(this.#parts.client, wish, this.programmeEpoch);
    }
    await this.#lease?.refresh(this.#resumedEpoch);
    const programmeEpoch = this.#lease?.programmeEpoch ?? 1;
    const isHigher = programmeEpoch > this.programmeEpoch;
    if (isHigher) this.programmeEpoch = programmeEpoch;
    return isHigher;
  }

  /** Switches that cannot be read are as good as a pause. True: its owner has just withdrawn. */
  async readSwitches(): Promise<boolean> {
    const { home } = this.#parts;
    const { pausedUntilMs } = await home.switches().catch(() => ({ pausedUntilMs: null }));
    const isOver = typeof pausedUntilMs === 'number' && pausedUntilMs <= Date.now();
    this.#pausedUntilMs = isOver ? undefined : pausedUntilMs;
    const device = await home.deviceIfAny();
    if (!device?.withdrawn || this.#device.withdrawn) return false;
    this.#device = device;
    return true;
  }
}
