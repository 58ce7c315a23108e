// The server's settings: one JSON file, checked whole before anything starts.
import { readFile } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import { publicKeySchema } from '@handrail/core/statement';
import { z } from 'zod';

export const serverConfigSchema = z.strictObject({
  /** Objects, ledger and PGlite lie here; one server at a time. */
  dataFolder: z.string().min(1),
  host: z.string().default('127.0.0.1'),
  /** 0 takes any free port. */
  port: z.int().min(0).max(65_535).default(0),
  /** `postgres://…`; absent: PGlite under the data folder. */
  databaseUrl: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .optional(),
  /** Signed<Charter> as JSON. */
  charterFile: z.string().min(1),
  noticeFile: z.string().min(1),
  /** Signed statements that stand in the ledger next to the charter: first policies, a start. */
  foundingFile: z.string().min(1).optional(),
  /** The vault's Ed25519 key, base64url. */
  vaultKey: publicKeySchema,
  /** The log's private key line, in a file of mode 0600. */
  logKeyFile: z.string().min(1),
  witnesses: z
    .array(z.strictObject({ url: z.url(), verifierLine: z.string().max(512) }))
    .max(16)
    .default([]),
  inviteToken: z.string().min(16).max(200),
  /** How long PGlite may say nothing, while it is asked, before the server ends to start anew. */
  databaseStallSecondsMax: z.int().min(1).max(600).default(60),
  /** Kept free on the disk of the data folder for statements that take back or stop. */
  reserveBytes: z
    .int()
    .min(0)
    .default(256 * 1024 * 1024),
  leaseSeconds: z.int().min(10).max(3_600).default(180),
  /** Before a job that was given back is tried again; doubled each time, up to a minute. */
  jobRetrySeconds: z.int().min(0).max(60).default(1),
  /** Requests that one key may make per second, over ten seconds. */
  requestsPerSecondMax: z.int().min(1).max(100_000).default(200),
  /** Where browsers find this server; absent: where it listens. */
  publicUrl: z.url().optional(),
  /** The identity provider that people sign in at (OpenID Connect); absent: none. */
  oidc: z
    .strictObject({
      /** `https://…`, or `http://` on this very machine. */
      issuer: z.string().regex(/^(https:|http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:|\/|$))/),
      clientId: z.string().min(1).max(255),
      /** A file of mode 0600; absent for a client without a secret. */
      clientSecretFile: z.string().min(1).optional(),
      /** What SCIM calls `userName`. */
      userNameClaim: z.string().min(1).max(100).default('preferred_username'),
    })
    .optional(),
  /** A file of mode 0600 with SCIM's bearer token as SHA-256, hex; absent: nobody may use SCIM. */
  scimTokenHashFile: z.string().min(1).optional(),
  logLevel: z.enum(['silent', 'error', 'warn', 'info']).default('warn'),
});

export type ServerConfig = z.infer<typeof serverConfigSchema>;
/** What a caller has to give: everything with a default may be left out. */
export type ServerSettings = z.input<typeof serverConfigSchema>;

/** Throws `usage.invalid`, naming the field. */
export function parseConfig(value: unknown): ServerConfig {
  const parsed = serverConfigSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || 'the file';
  throw new HandrailError('usage.invalid', `The server's settings are wrong: look at ${field}.`);
}

export async function readConfig(path: string): Promise<ServerConfig> {
  try {
    return parseConfig(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    if (cause instanceof HandrailError) throw cause;
    throw new HandrailError('usage.invalid', `Give a JSON file with settings: ${path} is none.`, {
      cause,
    });
  }
}

const threadPoolSize = 16;

/**
 * Every fsync waits in one of libuv's threads, and four are too few for a busy intake. Works only
 * before the first file is touched; what the environment says already stays.
 */
export function widenThreadPool(): void {
  process.env.UV_THREADPOOL_SIZE ??= String(threadPoolSize);
}
