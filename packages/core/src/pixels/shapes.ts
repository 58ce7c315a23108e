// Shapes that are filled in pixels even where a checksum fails: one digit read wrongly must not be
// what makes a card number stay. Over pixels it is better to fill a number too many.
import type { FindingClass } from '../redact/index.ts';

export interface Shape {
  readonly class: FindingClass;
  /** Global; every repetition has an upper limit. */
  readonly pattern: RegExp;
  readonly check?: (value: string) => boolean;
}

const groupedDigitsMin = 12;
const groupedDigitsPart = 0.75;

export const shapes: readonly Shape[] = [
  {
    class: 'card',
    pattern: /(?<![\w.,])[3-6]\d{3}[.,-]?\d{4}[.,-]?\d{4}[.,-]?\d{3,4}(?!\w)/g,
  },
  // Cards, accounts and the like, in groups as people read them, with a letter read for a digit.
  {
    class: 'account',
    pattern:
      /(?<!\w)(?:[A-Z]{2}\w{2} )?(?=\w{0,5}\d)\w{2,6}(?:[ -](?=\w{0,5}\d)\w{3,6}){2,7}(?:[ -]\d{1,4})?(?!\w)/g,
    check: isMostlyDigits,
  },
  {
    class: 'email',
    pattern: /(?<![\w@])[\w.%+'~-]{1,64}@[\w-]{2,63}(?:\.[\w-]{1,63}){0,8}/g,
  },
];

function isMostlyDigits(value: string): boolean {
  const solid = value.replace(/\W/g, '').length;
  const digits = value.replace(/\D/g, '').length;
  return digits >= groupedDigitsMin && digits >= solid * groupedDigitsPart;
}
