// The cookie that holds a login: it stays with this host, out of reach of scripts and of other
// sites' pages, and off unencrypted lines.

/** `__Host-`: this host only, whole path, Secure; browsers hold that. */
export const loginCookie = '__Host-handrail-login';

export function cookieText(name: string, value: string, seconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Strict`;
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
