// The skeleton of a text: letters and digits only, and one sign for all that OCR takes for each
// other. Two texts that look alike have skeletons that are equal or nearly so.

export interface Skeleton {
  readonly signs: string;
  /** For each sign, the unit of the text it stands for. */
  readonly at: readonly number[];
}

const pairs: Readonly<Record<string, string>> = { rn: 'm', vv: 'w' };
const classes: readonly string[] = ['0oqd', '1lijt|!', '5s', '8b', '2z', '6g9', 'uv', 'ce', '7'];
const signOf = new Map(classes.flatMap((one) => [...one].map((unit) => [unit, one.charAt(0)])));
const solid = /[\p{L}\p{N}|!]/u;

export function skeletonOf(text: string): Skeleton {
  const lower = lowered(text);
  let signs = '';
  const at: number[] = [];
  for (let unit = 0; unit < lower.length; unit++) {
    const pair = pairs[lower.slice(unit, unit + 2)];
    const letter = pair ?? lower.charAt(unit);
    if (!solid.test(letter)) continue;
    signs += signOf.get(letter) ?? letter;
    at.push(unit);
    if (pair !== undefined) unit++;
  }
  return { signs, at };
}

/** Lower case, unit by unit, so that places stay. */
function lowered(text: string): string {
  return Array.from({ length: text.length }, (_, unit) => {
    const lower = text.charAt(unit).toLowerCase();
    return lower.length === 1 ? lower : text.charAt(unit);
  }).join('');
}
