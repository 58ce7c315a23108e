// A binding joins a route of core/wire to what answers it, and gives the answer only callers of
// the kind that the route names.
import { HandrailError } from '@handrail/core/errors';
import type { Person } from '@handrail/core/statement';
import {
  type Caller,
  type Payload,
  type PayloadOf,
  personRoutes,
  type Route,
} from '@handrail/core/wire';
import type { ParticipantRow } from '../storage/tables.ts';

export interface Call<B extends Payload> {
  readonly body: PayloadOf<B>;
  /** A `:name` of the path, or `*`. */
  param(name: string): string;
}

export type Who =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'new-device'; readonly key: string }
  | { readonly kind: 'device'; readonly participant: ParticipantRow }
  /** A role that was not recertified in time has lapsed. */
  | { readonly kind: 'person'; readonly person: Person; readonly isLapsed: boolean }
  | { readonly kind: 'vault' };

export interface Binding {
  readonly route: Route;
  /** `body` has been checked against the route. */
  readonly answer: (body: unknown, param: Call<Payload>['param'], who: Who) => Promise<unknown>;
}

type Answer<B extends Payload, R extends Payload, W> = (
  call: Call<B>,
  who: W,
) => Promise<PayloadOf<R>>;

export const forAnyone = binder('anyone', () => undefined);
export const forNewDevice = binder('new-device', (who) =>
  who.kind === 'new-device' ? who.key : undefined,
);
export const forDevice = binder('device', (who) =>
  who.kind === 'device' ? who.participant : undefined,
);
export const forPerson = binder('person', (who) =>
  who.kind === 'person' ? who.person : undefined,
);
export const forVault = binder('vault', () => undefined);

/** Stopping, looking at where the programme stands, and saying whose role goes on. */
const openToLapsed: readonly Route[] = [
  personRoutes.declare,
  personRoutes.programmeState,
  personRoutes.revokeGrant,
  personRoutes.decide,
  personRoutes.decisions,
];

function lapsed(): HandrailError {
  return new HandrailError(
    'access.denied',
    'Your role was not recertified in time: ask a person of another role to do it.',
  );
}

function binder<W>(caller: Caller, factsOf: (who: Who) => W | undefined) {
  return <B extends Payload, R extends Payload>(
    route: Route<B, R>,
    answer: Answer<B, R, W>,
  ): Binding => {
    if (route.caller !== caller) throw new Error(`${route.path} is not for ${caller}.`);
    return {
      route,
      answer: (body, param, who) => {
        if (who.kind !== caller) throw new HandrailError('access.denied', 'This is not yours.');
        if (who.kind === 'person' && who.isLapsed && !openToLapsed.includes(route)) throw lapsed();
        return answer({ body: body as PayloadOf<B>, param }, factsOf(who) as W);
      },
    };
  };
}
