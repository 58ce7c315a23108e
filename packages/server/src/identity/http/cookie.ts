// One cookie holds a login, another what a browser carries to an identity provider and back. Both
// stay with this host, out of reach of scripts, and off unencrypted lines.

/** `__Host-`: this host only, whole path, Secure; browsers hold that. */
export const loginCookie = '__Host-handrail-login';
export const tripCookie = '__Host-handrail-trip';

/** `Strict`: no other site's page has the browser send it, not even by a link. */
export function cookieText(
  name: string,
  value: string,
  seconds: number,
  sameSite: 'Strict' | 'Lax' = 'Strict',
): string {
  return `${name}=${value}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=${sameSite}`;
}

export function goneCookie(name: string): string {
  return cookieText(name, '', 0);
}

/** The value of a cookie in a request's header; empty where there is none. */
export function cookieIn(header: string | undefined, name: string): string {
  for (const part of (header ?? '').split(';')) {
    const [key, value = ''] = part.trim().split('=');
    if (key === name) return value;
  }
  return '';
}
