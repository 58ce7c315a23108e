// How far a share that was counted on a few may be from the true one.

/** Two-sided 95 %. */
const z = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval (1927) of `some` among `all`, at 95 %; all of [0, 1] for none. */
export function wilson(some: number, all: number): Interval {
  if (all === 0) return { low: 0, high: 1 };
  const share = some / all;
  const spread = z * Math.sqrt((share * (1 - share)) / all + z ** 2 / (4 * all ** 2));
  const middle = share + z ** 2 / (2 * all);
  const scale = 1 + z ** 2 / all;
  const low = some === 0 ? 0 : (middle - spread) / scale;
  const high = some === all ? 1 : (middle + spread) / scale;
  return { low, high };
}
