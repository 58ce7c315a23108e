// Every class of values that is planted, and which of them must never come out: what is random or
// carries a check digit. The others are reported with their rate.
import { type Maker, madeWord, number } from './alphabet.ts';
import { coordinates, emails, handles, networks, phones } from './contact.ts';
import { issuedTokens, settings } from './known-secrets.ts';
import { nationalIds, otherIds } from './national-ids.ts';
import { cards, ibans } from './payment.ts';
import { addresses, dates, numbers, organisations, persons } from './people.ts';
import { unknownKeys } from './unknown-keys.ts';
import { wallets } from './wallets.ts';

export interface ValueClass {
  readonly name: string;
  /** Secrets and checksummed data: none may come out. */
  readonly gated: boolean;
  /** How often its turn comes beside the others of its sort. */
  readonly weight: number;
  readonly kinds: Readonly<Record<string, Maker>>;
}

const classOf =
  (gated: boolean) =>
  (name: string, kinds: ValueClass['kinds'], weight = 1) => ({
    ...{ name, gated, weight, kinds },
  });
const gated = classOf(true);
const reported = classOf(false);

export const classes: readonly ValueClass[] = [
  gated('secret', { ...issuedTokens, ...settings }, 3),
  gated('unknown-key', unknownKeys, 2),
  gated('card', cards),
  gated('iban', ibans),
  gated('national-id', nationalIds),
  gated('wallet', wallets),
  gated('email', emails),
  reported('other-id', otherIds),
  reported('phone', phones),
  reported('name', persons),
  reported('address', addresses),
  reported('organisation', organisations),
  reported('date', dates),
  reported('number', numbers),
  reported('network', networks),
  reported('handle', handles),
  reported('place', coordinates),
  reported('phrase', {
    words: () => `${madeWord(3)} ${madeWord(3)}`,
    password: () => `${madeWord(3)}!${number(10, 99)}${madeWord(1)}`,
  }),
];
