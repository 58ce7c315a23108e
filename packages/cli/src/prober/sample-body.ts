// A body that fits a schema of the API document, so that a probe gets past the schema to whatever
// should refuse it. What cannot be made is said, never left out.

export type Schema = Readonly<Record<string, unknown>>;

const instant = '2026-01-01T00:00:00Z';
const day = '2026-01-01';

/** Undefined: no value is known that fits. */
export function sampleOf(schema: Schema): unknown {
  const { enum: choices, const: only, anyOf, oneOf, type } = schema;
  if (only !== undefined) return only;
  if (Array.isArray(choices)) return choices[0];
  const either = [anyOf, oneOf].find(Array.isArray);
  if (either) return either.map((one) => sampleOf(one)).find((one) => one !== undefined);
  if (type === 'object') return objectOf(schema);
  if (type === 'array') return arrayOf(schema);
  if (type === 'string') return textOf(schema);
  if (type === 'boolean') return false;
  if (type === 'null') return null;
  if (type === 'number' || type === 'integer') return Math.max(0, Number(schema.minimum ?? 0));
  return Object.keys(schema).length === 0 ? null : undefined;
}

function objectOf({ properties, required }: Schema): unknown {
  const made: Record<string, unknown> = {};
  const fields = (properties ?? {}) as Readonly<Record<string, Schema>>;
  for (const name of Array.isArray(required) ? required : []) {
    const value = sampleOf(fields[name] ?? {});
    if (value === undefined) return undefined;
    made[name] = value;
  }
  return made;
}

function arrayOf({ items, minItems }: Schema): unknown {
  const length = Number(minItems ?? 0);
  const values = Array.from({ length }, () => sampleOf((items ?? {}) as Schema));
  return values.includes(undefined) ? undefined : values;
}

function textOf({ pattern, format, minLength }: Schema): string | undefined {
  if (format === 'date-time') return instant;
  if (format === 'date') return day;
  if (format === 'binary') return undefined;
  if (typeof pattern === 'string') return textLike(pattern);
  return 'a'.repeat(Math.max(1, Number(minLength ?? 1)));
}

/** For patterns that are letters and classes, each so and so many times. */
function textLike(pattern: string): string | undefined {
  const part = /(\[(?:\\.|[^\]\\])+\]|\\.|[^\\[\]{}()*+?|^$])(\{(\d+)(?:,\d*)?\}|[*+?])?/gy;
  const body = pattern.replace(/^\^/, '').replace(/\$$/, '');
  let text = '';
  let end = 0;
  for (const [whole, what = '', , times] of body.matchAll(part)) {
    text += letterOf(what).repeat(Number(times ?? 1));
    end += whole.length;
  }
  return end === body.length && new RegExp(pattern, 'u').test(text) ? text : undefined;
}

function letterOf(part: string): string {
  return part.replace(/^\[/, '').replace(/^\\/, '').slice(0, 1);
}
