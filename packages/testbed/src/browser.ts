// What a browser does about logins: it keeps the cookies of one host and sends them there. Without
// a screen, and with what a thief changes.

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
}

export interface Browser {
  readonly cookies: Map<string, string>;
  get(target: string): Promise<Reply>;
  /** As our own page would send it; `headers` go before that. */
  post(target: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** As a form of the host's own page. */
  submit(target: string, form: URLSearchParams): Promise<Reply>;
}

/** A browser that trusts nobody yet, at `url`. */
export function browserAt(url: string): Browser {
  const cookies = new Map<string, string>();
  const send = async (target: string, init: RequestInit): Promise<Reply> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, ...(init.headers as Record<string, string>) };
    const whole = URL.canParse(target) ? target : `${url}${target}`;
    const response = await fetch(whole, { redirect: 'manual', ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const text = await response.text();
    return { status: response.status, body: jsonOf(text), headers: response.headers };
  };
  return {
    cookies,
    get: (target) => send(target, {}),
    submit: (target, form) => send(target, { method: 'POST', body: form }),
    post: (target, body, headers = { 'x-handrail-login': '1' }) =>
      send(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
