// Signing in at the organisation's identity provider: OpenID Connect's code flow with PKCE, state
// and nonce. What it says is a name to know somebody by; whose login that is, only a key says.
import { HandrailError } from '@handrail/core/errors';
import * as oidc from 'openid-client';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import { readSecret } from '../secrets.ts';
import type { LoginIdentityRow } from '../storage/tables.ts';
import { knownIdentity } from './identities.ts';
import { newTicket, useTicket } from './tickets.ts';

const providerSecondsMax = 10;
const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:|\/|$)/;

const tripSchema = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string() });

export interface Trip {
  /** What the browser carries to the provider and back. */
  readonly ticket: string;
  readonly address: string;
}

export class Oidc {
  readonly #context: ServerContext;
  readonly #redirectUri: () => string;
  #provider: oidc.Configuration | undefined;

  constructor(context: ServerContext, redirectUri: () => string) {
    this.#context = context;
    this.#redirectUri = redirectUri;
  }

  /** Throws `not.found` where no provider is set up, `unreachable` where it does not answer. */
  async depart(): Promise<Trip> {
    const provider = await this.#known();
    const verifier = oidc.randomPKCECodeVerifier();
    const trip = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier };
    const { ticket } = await newTicket(this.#context, 'oidc', trip);
    const address = oidc.buildAuthorizationUrl(provider, {
      redirect_uri: this.#redirectUri(),
      scope: 'openid profile',
      state: trip.state,
      nonce: trip.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { ticket, address: address.href };
  }

  /** Whom the provider vouches for, to the browser that left; undefined for anything else. */
  async arrive(ticket: string, query: string): Promise<LoginIdentityRow | undefined> {
    const trip = tripSchema.safeParse(await useTicket(this.#context, 'oidc', ticket));
    if (!trip.success) return undefined;
    const { state, nonce, verifier } = trip.data;
    const provider = await this.#known();
    const claims = await oidc
      .authorizationCodeGrant(provider, new URL(`${this.#redirectUri()}?${query}`), {
        ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
        idTokenExpected: true,
      })
      .then(
        (tokens) => tokens.claims(),
        (error: unknown) => {
          const kind = error instanceof Error ? error.name : 'unknown';
          this.#context.log.info({ kind }, 'a provider’s answer was not taken');
          return undefined;
        },
      );
    if (claims === undefined) return undefined;
    const name = claims[this.#context.config.oidc?.userNameClaim ?? 'sub'];
    const userName = typeof name === 'string' ? name : claims.sub;
    return knownIdentity(this.#context, claims.iss, claims.sub, userName);
  }

  /** Asked once; one that did not answer is asked again. */
  async #known(): Promise<oidc.Configuration> {
    const settings = this.#context.config.oidc;
    if (settings === undefined) {
      throw new HandrailError('not.found', 'No identity provider is set up here.');
    }
    if (this.#provider !== undefined) return this.#provider;
    const { issuer, clientId, clientSecretFile } = settings;
    const auth =
      clientSecretFile === undefined
        ? oidc.None()
        : oidc.ClientSecretBasic(await readSecret(clientSecretFile));
    // A line that others can read is taken to a provider on this very machine only.
    const execute = loopback.test(issuer) ? [oidc.allowInsecureRequests] : [];
    const options = { execute, timeout: providerSecondsMax };
    this.#provider = await oidc
      .discovery(new URL(issuer), clientId, undefined, auth, options)
      .catch((cause: unknown) => {
        throw new HandrailError('unreachable', 'The identity provider does not answer.', { cause });
      });
    return this.#provider;
  }
}
