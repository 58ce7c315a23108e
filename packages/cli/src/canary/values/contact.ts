// How people and machines are reached: addresses of mail, telephones, networks and places.
import { randomInt } from 'node:crypto';
import { digits, hexDigit, lower, type Maker, madeWord, number, some } from './alphabet.ts';

export const emails: Readonly<Record<string, Maker>> = {
  plain: () => `${some(lower, 7)}.${some(lower, 8)}@${some(lower, 9)}.com`,
  tagged: () => `${madeWord(2)}+${some(lower, 5)}@${madeWord(3)}.org`,
  country: () => `${madeWord(3)}${digits(2)}@${madeWord(2)}.co.uk`,
};

export const phones: Readonly<Record<string, Maker>> = {
  american: () => ['Phone: ', `(${number(210, 980)}) ${number(220, 990)}-${digits(4)}`],
  british: () => `+44 20 7${digits(3)} ${digits(4)}`,
  german: () => `+49 30 ${digits(4)} ${digits(4)}`,
  french: () => ['Tel. ', `0${number(1, 6)} ${[1, 2, 3, 4].map(() => digits(2)).join(' ')}`],
  spanish: () => `+34 6${digits(2)} ${digits(3)} ${digits(3)}`,
  indian: () => `+91 9${digits(4)} ${digits(5)}`,
};

export const networks: Readonly<Record<string, Maker>> = {
  ip: () => `${number(11, 99)}.${number(20, 250)}.${number(20, 250)}.${number(20, 250)}`,
  ip6: () => `2a0${digits(1)}:${some(hexDigit, 4)}:${some(hexDigit, 4)}::${some(hexDigit, 4)}`,
  mac: () => Array.from({ length: 6 }, () => some(hexDigit, 2)).join(':'),
  domain: () => `${madeWord(3)}.${madeWord(2)}.net`,
};

export const handles: Readonly<Record<string, Maker>> = {
  handle: () => `@${madeWord(3)}${digits(2)}`,
  user: () => ['username: ', `${madeWord(3)}${digits(3)}`],
};

export const coordinates: Readonly<Record<string, Maker>> = {
  decimal: () => {
    const west = randomInt(2) === 0 ? '-' : '';
    return `${number(10, 60)}.${digits(5)}, ${west}${number(10, 99)}.${digits(5)}`;
  },
};
