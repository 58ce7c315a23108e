// Verhoeff's check (1969) over the dihedral group D5, as used by Aadhaar.

const multiply = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const permute = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

/** True when the digits, the last of which is the check digit, are consistent. */
export function verhoeff(value: string): boolean {
  let check = 0;
  for (let at = 0; at < value.length; at++) {
    const digit = Number(value.charAt(value.length - 1 - at));
    const permuted = Number(permute[at % 8]?.charAt(digit));
    check = Number(multiply[check]?.charAt(permuted));
  }
  return value.length > 0 && check === 0;
}
