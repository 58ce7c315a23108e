// One line, one flat JSON object without ambiguity: a repeated field name is refused, since two
// readers could take different values for it.

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object, or why there is none. */
export function parseObject(text: string): JsonObject | 'json.invalid' | 'json.duplicate-field' {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'json.invalid';
  }
  if (!isObject(value)) return 'json.invalid';
  return fieldCount(text) === Object.keys(value).length ? value : 'json.duplicate-field';
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Colons of the outermost object in text that is known to be JSON. */
function fieldCount(text: string): number {
  let depth = 0;
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter === 0x22) at = stringEnd(text, at);
    else if (letter === 0x7b || letter === 0x5b) depth++;
    else if (letter === 0x7d || letter === 0x5d) depth--;
    else if (letter === 0x3a && depth === 1) count++;
  }
  return count;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at;
}
