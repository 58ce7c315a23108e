// Long patterns are written over several lines. Line breaks and the blanks after them fall away,
// everything else stands as it would between slashes.

/** The pattern's source: raw, on one line. Parts are put in as they are. */
export function joined(lines: TemplateStringsArray, ...parts: readonly string[]): string {
  return String.raw(lines, ...parts).replace(/\n\s*/g, '');
}

/** As `joined`, as a pattern with these flags. */
export function wide(flags: string) {
  return (lines: TemplateStringsArray, ...parts: readonly string[]): RegExp =>
    new RegExp(joined(lines, ...parts), flags);
}
