// A real identity provider in a process of its own, on loopback. Whoever asks it is whoever they
// say, so it is a malicious one as well: it vouches for any name.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Provider } from 'oidc-provider';
import { type Browser, browserAt } from './browser.ts';

const stepsMax = 12;

export interface TestProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Says where its client lives, before anybody signs in. */
  expect(redirectUri: string): Promise<void>;
}

export async function startOidcProvider(clientSecret: string): Promise<TestProvider> {
  const clientId = 'handrail';
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), clientId, clientSecret], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout });
  const [issuer] = await once(lines, 'line');
  return {
    issuer: String(issuer),
    clientId,
    clientSecret,
    expect: async (redirectUri) => {
      const ready = once(lines, 'line');
      child.stdin.write(`${redirectUri}\n`);
      await ready;
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

/** Signs `subject` in where `address` leads, and gives the address that leads back. */
export async function throughProvider(
  provider: TestProvider,
  address: string,
  subject: string,
): Promise<string> {
  const browser = browserAt(provider.issuer);
  let target = address;
  for (let step = 0; step < stepsMax; step++) {
    if (!target.startsWith(provider.issuer) && URL.canParse(target)) return target;
    target = await nextStep(browser, target, subject);
  }
  throw new Error('The provider leads nowhere.');
}

async function nextStep(browser: Browser, target: string, subject: string): Promise<string> {
  const isInteraction = new URL(target, 'http://x').pathname.startsWith('/interaction/');
  if (!isInteraction) return locationOf(await browser.get(target));
  const page = String((await browser.get(target)).body);
  const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? '';
  const form = new URLSearchParams({ prompt, login: subject, password: 'any' });
  return locationOf(await browser.submit(target, form));
}

function locationOf({ status, headers, body }: Awaited<ReturnType<Browser['get']>>): string {
  const location = headers.get('location');
  if (location === null) throw new Error(`The provider answered ${status}: ${String(body)}`);
  return location;
}

async function serve(clientId: string, clientSecret: string): Promise<void> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.stdout.write(`${issuer}\n`);
  for await (const redirectUri of createInterface({ input: process.stdin })) {
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: clientId,
          client_secret: clientSecret,
          redirect_uris: [redirectUri],
          application_type: 'native',
          token_endpoint_auth_method: 'client_secret_basic',
        },
      ],
      claims: { profile: ['preferred_username'] },
      conformIdTokenClaims: false,
      findAccount: (_context, sub) => ({
        accountId: sub,
        claims: () => ({ sub, preferred_username: `${sub}@example.test` }),
      }),
    });
    server.removeAllListeners('request');
    server.on('request', provider.callback());
    process.stdout.write('ready\n');
  }
}

const [, path, clientId, clientSecret] = process.argv;
if (path === fileURLToPath(import.meta.url) && clientId && clientSecret) {
  await serve(clientId, clientSecret);
}
