// Padded standard base64 (RFC 4648 section 4), strict, as signed notes use it.
import { fromBase64url, toBase64url } from '../bytes/index.ts';

export function toBase64(bytes: Uint8Array): string {
  const text = toBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** The bytes of canonical base64, or undefined for any other text. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const bare = text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  try {
    const bytes = fromBase64url(bare);
    return toBase64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
