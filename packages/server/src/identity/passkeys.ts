// Passkeys for signing in. One is enrolled only with a ticket that a key asked for, so that a
// stolen login cannot make itself last; using one tells nobody whether it is known here.
import { fromBase64url, toBase64url } from '@handrail/core/bytes';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import type { LoginIdentityRow } from '../storage/tables.ts';
import { identityOf } from './identities.ts';
import { newTicket, useTicket } from './tickets.ts';

const passkeysPerIdentityMax = 10;
/** Ed25519, P-256 and RSA with SHA-256, as COSE numbers them. */
const supportedAlgorithmIDs = [-8, -7, -257];

export interface Challenge {
  /** Goes back with the answer. */
  readonly ticket: string;
  /** For `navigator.credentials`, as JSON. */
  readonly options: object;
}

const enrolmentSchema = z.object({ identity: z.string() });
const creationSchema = z.object({ identity: z.string(), challenge: z.string() });
const useSchema = z.object({ challenge: z.string() });

export class Passkeys {
  readonly #context: ServerContext;
  readonly #origin: () => string;

  /** `origin` is that of the pages that ask, such as `https://handrail.example`. */
  constructor(context: ServerContext, origin: () => string) {
    this.#context = context;
    this.#origin = origin;
  }

  /** For whoever holds a ticket to enrol one; undefined for anything else. */
  async creation(ticket: string): Promise<Challenge | undefined> {
    const given = enrolmentSchema.safeParse(
      await useTicket(this.#context, 'enrol-passkey', ticket),
    );
    const identity = given.success ? await this.#active(given.data.identity) : undefined;
    if (identity === undefined) return undefined;
    const options = await generateRegistrationOptions({
      rpName: 'Handrail',
      rpID: this.#site(),
      userName: identity.user_name,
      attestationType: 'none',
      supportedAlgorithmIDs,
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    const { challenge } = options;
    const body = { identity: identity.id, challenge };
    const trip = await newTicket(this.#context, 'passkey-creation', body);
    return { ticket: trip.ticket, options };
  }

  /** Whether it was enrolled. */
  async enrol(ticket: string, response: unknown): Promise<boolean> {
    const given = creationSchema.safeParse(
      await useTicket(this.#context, 'passkey-creation', ticket),
    );
    if (!given.success) return false;
    const identity = await this.#active(given.data.identity);
    const verified = await verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge: given.data.challenge,
      expectedOrigin: this.#origin(),
      expectedRPID: this.#site(),
      requireUserVerification: true,
      supportedAlgorithmIDs,
    }).catch(() => undefined);
    if (identity === undefined || !verified?.verified) return false;
    const { id, publicKey, counter } = verified.registrationInfo.credential;
    return this.#keep(identity.id, id, publicKey, counter);
  }

  /** The same for everybody: it names no passkey. */
  async use(): Promise<Challenge> {
    const options = await generateAuthenticationOptions({
      rpID: this.#site(),
      userVerification: 'required',
    });
    const { challenge } = options;
    const { ticket } = await newTicket(this.#context, 'passkey-use', { challenge });
    return { ticket, options };
  }

  /** Whose passkey answered; undefined for anything else. */
  async used(ticket: string, response: unknown): Promise<LoginIdentityRow | undefined> {
    const given = useSchema.safeParse(await useTicket(this.#context, 'passkey-use', ticket));
    const answer = response as AuthenticationResponseJSON;
    const { db } = this.#context;
    const known = await db
      .selectFrom('passkey')
      .selectAll()
      .where('id', '=', String(answer.id))
      .executeTakeFirst();
    if (!given.success || known === undefined) return undefined;
    const { id, public_key, counter, identity } = known;
    const publicKey = new Uint8Array(fromBase64url(public_key));
    const verified = await verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: given.data.challenge,
      expectedOrigin: this.#origin(),
      expectedRPID: this.#site(),
      credential: { id, publicKey, counter: Number(counter) },
      requireUserVerification: true,
    }).catch(() => undefined);
    if (!verified?.verified) return undefined;
    const next = String(verified.authenticationInfo.newCounter);
    await db.updateTable('passkey').set({ counter: next }).where('id', '=', id).execute();
    return this.#active(identity);
  }

  async #keep(identity: string, id: string, publicKey: Uint8Array, counter: number) {
    const { db } = this.#context;
    const { kept } = await db
      .selectFrom('passkey')
      .select((each) => each.fn.countAll().as('kept'))
      .where('identity', '=', identity)
      .executeTakeFirstOrThrow();
    if (Number(kept) >= passkeysPerIdentityMax) return false;
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('passkey')
      .values({ id, identity, public_key: toBase64url(publicKey), counter: String(counter) })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  async #active(id: string): Promise<LoginIdentityRow | undefined> {
    const identity = await identityOf(this.#context.db, id);
    return identity?.active ? identity : undefined;
  }

  #site(): string {
    return new URL(this.#origin()).hostname;
  }
}
