// What counts as recovered when not all of a value is there: a long enough part of it in one piece.

const shareMin = 0.6;
const lettersMin = 5;
/** Digits stand everywhere: short rows of them say nothing. */
const digitsMin = 9;
const lettersEnough = 31;

/** So many letters in a row are enough: 60 % of the value, but at least 5, or 9 of a number. */
export function runLength(value: string): number {
  const digits = value.replaceAll(/[^0-9]/g, '').length;
  const least = digits * 2 > value.length ? digitsMin : lettersMin;
  const part = Math.max(least, Math.ceil(value.length * shareMin));
  return Math.min(value.length, part, lettersEnough);
}

/** True when `text` holds enough of `value`. */
export function holdsRun(text: string, value: string): boolean {
  const length = runLength(value);
  for (let from = 0; from + length <= value.length; from += 1) {
    if (text.includes(value.slice(from, from + length))) return true;
  }
  return false;
}
