// Secrets in shapes that their issuers publish, and in the settings and headers that carry them.
// Written apart from the recognisers: what those forget, this still makes.
import { randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  base32,
  digit,
  digits,
  hexDigit,
  lower,
  type Maker,
  some,
  upper,
  word,
} from './alphabet.ts';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (prefix: string, alphabet: string, length: number) => () =>
  `${prefix}${some(alphabet, length)}`;

/** GitHub's classic tokens end in the CRC-32 of what is before, in base 62. */
function githubToken(prefix: string): string {
  const body = some(word, 30);
  const alphabet = digit + upper + lower;
  let sum = crc32(body);
  let check = '';
  while (sum > 0) {
    check = `${alphabet[sum % 62]}${check}`;
    sum = Math.floor(sum / 62);
  }
  return `${prefix}_${body}${check.padStart(6, '0')}`;
}

function webToken(): string {
  const claims = { sub: some(lower, 10), iat: randomInt(1_600_000_000, 1_700_000_000) };
  const head = base64url({ alg: 'HS256', typ: 'JWT' });
  return `${head}.${base64url(claims)}.${randomBytes(32).toString('base64url')}`;
}

function privateKey(): readonly [string, string, string] {
  const body = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    randomBytes(32),
  ]);
  return ['-----BEGIN PRIVATE KEY-----\n', body.toString('base64'), '\n-----END PRIVATE KEY-----'];
}

export const issuedTokens: Readonly<Record<string, Maker>> = {
  awsKeyId: token('AKIA', base32, 16),
  githubPersonal: () => githubToken('ghp'),
  githubServer: () => githubToken('ghs'),
  githubFine: () => `github_pat_${some(word, 22)}_${some(word, 59)}`,
  gitlab: token('glpat-', word, 20),
  slackBot: () => `xoxb-${digits(12)}-${digits(13)}-${some(word, 24)}`,
  slackHook: () => [
    `https://hooks.slack.com/services/T${some(base32, 10)}/B${some(base32, 10)}/`,
    some(word, 24),
  ],
  stripe: token('sk_live_', word, 24),
  stripeRestricted: token('rk_live_', word, 24),
  google: token('AIza', `${word}-_`, 35),
  googleClient: token('GOCSPX-', word, 28),
  npm: token('npm_', word, 36),
  pypi: () => `pypi-AgEIcHlwaS5vcmc${some(word, 70)}`,
  sendgrid: () => `SG.${some(word, 22)}.${some(word, 43)}`,
  digitalOcean: token('dop_v1_', hexDigit, 64),
  huggingFace: token('hf_', upper + lower, 34),
  openai: () => `sk-proj-${some(word, 48)}`,
  anthropic: () => `sk-ant-api03-${some(word, 93)}AA`,
  shopify: token('shpat_', hexDigit, 32),
  telegram: () => `${digits(10)}:AA${some(word, 33)}`,
  databricks: token('dapi', hexDigit, 32),
  linear: token('lin_api_', word, 40),
  vaultService: token('hvs.', word, 24),
  twilio: token('SK', hexDigit, 32),
  webToken,
};

export const settings: Readonly<Record<string, Maker>> = {
  awsSecret: () => ['aws_secret_access_key = ', some(`${word}/+`, 40)],
  bearer: () => ['Authorization: Bearer ', some(word, 40)],
  basic: () => [
    'Authorization: Basic ',
    Buffer.from(`${some(lower, 6)}:${some(word, 18)}`).toString('base64'),
  ],
  keyHeader: () => ['X-Api-Key: ', some(word, 32)],
  assigned: () => ['DB_PASSWORD=', some(word, 18)],
  inJson: () => ['{"client_secret": "', some(word, 30), '"}'],
  inYaml: () => ['  access_token: ', some(word, 36)],
  azure: () => ['AccountKey=', `${randomBytes(64).toString('base64')}`],
  postgres: () => ['postgres://app:', some(word, 16), '@db.example.org/main'],
  mongo: () => ['mongodb+srv://app:', some(word, 16), '@cluster0.example.org'],
  redis: () => ['redis://:', some(word, 20), '@cache.example.org:6379'],
  privateKey,
};
