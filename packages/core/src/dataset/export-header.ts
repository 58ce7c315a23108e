// What every export says of itself in the open: a stanza in the header of the age file, which age
// passes over and whoever decrypts it proves. Format: https://age-encryption.org/v1
import { z } from 'zod';
import { fromBase64url, fromUtf8 } from '../bytes/index.ts';
import { canonicalBytes } from '../canonical-json/index.ts';
import { HandrailError } from '../errors/index.ts';
import { digestSchema, idSchema, publicKeySchema, releaseListPath } from '../statement/index.ts';

/** First word of the stanza. */
export const exportStanza = 'handrail-release';
const headerBytesMax = 64 * 1024;
const stanzaLineLetters = 64;

export const exportHeaderSchema = z.strictObject({
  v: z.literal(1),
  programme: idSchema('prog'),
  release: idSchema('rel'),
  /** SHA-256 of its `manifest.json`. */
  manifest: digestSchema,
  /** Ed25519, base64url: who signs the list. */
  vaultKey: publicKeySchema,
  /** The newest list when this was exported, and its path at the programme's server. */
  list: z.strictObject({ number: z.int().min(1), path: z.literal(releaseListPath) }),
});
export type ExportHeader = z.infer<typeof exportHeaderSchema>;

/** The stanza's body. */
export function encodeExportHeader(header: ExportHeader): Uint8Array {
  return canonicalBytes(exportHeaderSchema.parse(header));
}

/** Of an age file that is an export; undefined for others. Throws `format.unknown` if damaged. */
export function readExportHeader(file: Uint8Array): ExportHeader | undefined {
  const lines = asciiLines(file.subarray(0, headerBytesMax));
  const at = lines.indexOf(`-> ${exportStanza}`);
  if (lines[0] !== 'age-encryption.org/v1' || at < 0) return undefined;
  // A stanza's body ends with the first line that is not full.
  const last = lines.findIndex((line, index) => index > at && line.length < stanzaLineLetters);
  const body = lines.slice(at + 1, last + 1).join('');
  try {
    const json = fromBase64url(body.replaceAll('+', '-').replaceAll('/', '_'));
    return exportHeaderSchema.parse(JSON.parse(fromUtf8(json)));
  } catch (cause) {
    throw new HandrailError('format.unknown', "The export's header is damaged.", { cause });
  }
}

/** Bytes after the header are no text: only what stands before its end is looked at. */
function asciiLines(bytes: Uint8Array): string[] {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  const end = text.indexOf('\n---');
  return text.slice(0, Math.max(end, 0)).split('\n');
}
