// The participant's public day keys: used only when the vault whose fingerprint was agreed to has
// signed them for exactly this participant, consent epoch, tier and day.

import { HandrailError } from '../errors/index.ts';
import { type Consent, type DayKey, type Signed, signersOf } from '../statement/index.ts';
import { type ClientContext, call, deviceRoutes } from '../wire/index.ts';

/** Whose keys they are, and whose word counts for that. */
export interface KeyOwner {
  readonly vaultKey: string;
  readonly consent: Pick<Signed<Consent>, 'payload'>;
}

const daysKeptMax = 64;
const dayMs = 86_400_000;
/** Days for which keys should be at hand. */
const daysAheadMin = 3;
const minutesBetweenTries = 10;
const triesMax = 60;

export class DayKeys {
  readonly #device: KeyOwner;
  readonly #byDay = new Map<string, DayKey>();

  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(device: KeyOwner) {
    this.#device = device;
  }

  /** Asks for keys when they run low, often only while there is none for now. */
  async keep(client: ClientContext, nowMs: number): Promise<void> {
    const lasts = this.of(utcDay(nowMs + daysAheadMin * dayMs)) !== undefined;
    const isRecent = Math.abs(nowMs - this.#askedAtMs) < minutesBetweenTries * 60_000;
    if (this.hasFor(nowMs) && (lasts || isRecent)) return;
    this.#askedAtMs = nowMs;
    await this.refresh(client);
    const yesterday = utcDay(nowMs - dayMs);
    for (const day of this.#byDay.keys()) if (day < yesterday) this.#byDay.delete(day);
  }

  /** Fetches and checks keys; those that are not signed for this participant are left out. */
  async refresh(client: ClientContext): Promise<void> {
    const { keys } = await call(client, deviceRoutes.dayKeys, {});
    for (const key of keys.slice(0, daysKeptMax * 2)) {
      if (await this.#isOurs(key)) this.#byDay.set(key.payload.day, key.payload);
    }
  }

  /** Tries until there is a key of `day`: the first ones come a moment after joining. */
  async waitFor(day: string, client: ClientContext, pause: () => Promise<void>): Promise<void> {
    for (let tries = 1; tries <= triesMax; tries++) {
      await this.refresh(client);
      if (this.of(day)) return;
      await pause();
    }
    throw new HandrailError(
      'keys.unknown',
      'The vault has issued no key for today: is it running?',
    );
  }

  /** The raw key of a UTC day such as `2026-11-23`, or undefined when none was issued. */
  of(day: string): DayKey | undefined {
    return this.#byDay.get(day);
  }

  get isEmpty(): boolean {
    return this.#byDay.size === 0;
  }

  hasFor(nowMs: number): boolean {
    return this.of(utcDay(nowMs)) !== undefined;
  }

  async #isOurs(key: Signed<DayKey>): Promise<boolean> {
    const { payload } = key;
    const { programme, pseudonym, consentEpoch } = this.#device.consent.payload;
    const ours =
      payload.programme === programme &&
      payload.pseudonym === pseudonym &&
      payload.consentEpoch === consentEpoch &&
      payload.tier === 'raw';
    return ours && (await signersOf(key)).has(this.#device.vaultKey);
  }
}

export function utcDay(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 10);
}
