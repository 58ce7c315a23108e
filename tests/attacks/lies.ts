// What the lying server says: yes to every question, the vault's part to any key, other people's
// things to whoever asks; and while a file of its name is there, each lie of `toldLies`.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import type { Job } from '@handrail/core/wire';
import type { Change } from '@handrail/testbed/changed-build';
import { expect } from 'vitest';

/** Day keys of its own; statements of whoever asks, for anybody; no word of who withdrew. */
type ToldLie = 'own-keys' | 'forged-statements' | 'withheld-withdrawals';

/** How a test steers a lying server whose lies lie in `folder`. */
export class Liar {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async tell(lie: ToldLie): Promise<void> {
    await writeFile(join(this.#folder, lie), '');
  }

  async stop(lie: ToldLie): Promise<void> {
    await rm(join(this.#folder, lie));
  }

  /** Has the keeper lease `job`, which nobody asked for; gives what it says in the end. */
  async wish(job: Job): Promise<{ readonly outcome: string; readonly reason?: string }> {
    const id = idOf('job', randomBytes(32));
    const aside = join(this.#folder, id);
    await mkdir(join(this.#folder, 'wishes'), { recursive: true });
    await writeFile(aside, JSON.stringify({ id, job }));
    await rename(aside, join(this.#folder, 'wishes', id));
    const told = async () => (await this.#lines('told')).find((line) => line.id === id);
    await expect.poll(told, { timeout: 30_000 }).toBeDefined();
    return (await told()) as Awaited<ReturnType<Liar['wish']>>;
  }

  /** Jobs that the keeper has leased so far. */
  async leased(): Promise<readonly Job[]> {
    return (await this.#lines('leased')).map(({ job }) => job as Job);
  }

  /** Puts the vault's clock ahead, or back. */
  async shiftClock(byMs: number): Promise<void> {
    await writeFile(join(this.#folder, 'clock'), String(byMs));
  }

  /** Why jobs of this kind were given back or refused so far. */
  async reasons(kind: Job['kind']): Promise<readonly unknown[]> {
    const leased = (await this.#lines('leased')).filter(({ job }) => (job as Job).kind === kind);
    const ids = new Set(leased.map(({ id }) => id));
    return (await this.#lines('told')).flatMap(({ id, reason }) => (ids.has(id) ? [reason] : []));
  }

  async #lines(name: string): Promise<Record<string, unknown>[]> {
    const text = await readFile(join(this.#folder, name), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }
}

export function lies(folder: string): readonly Change[] {
  const told = [...wishes(folder), ...toldLies(folder), clockOf(folder)];
  return [...standingLies, ...timelessLies, ...told];
}

/** The vault is honest; only its clock can be set. */
function clockOf(folder: string): Change {
  return {
    what: 'opens the vault',
    file: 'vault/src/context.ts',
    head: /export async function openVault\([^)]*\): Promise<Vault> \{/,
    body: `const { existsSync, readFileSync } = await import('node:fs');
      const [clock, right] = [${JSON.stringify(join(folder, 'clock'))}, Date.now];
      Date.now = () => right() + (existsSync(clock) ? Number(readFileSync(clock, 'utf8')) : 0);`,
  };
}

const standingLies: readonly Change[] = [
  {
    what: 'has itself probed',
    file: 'cli/src/commands/up/probing.ts',
    head: /export function startProbing\([\s\S]*?\): AsyncDisposable \{/,
    body: 'return { [Symbol.asyncDispose]: async () => undefined };',
  },
  {
    what: 'asks the policy',
    file: 'server/src/governance/access.ts',
    head: /export function allows\([^)]*\): boolean \{/,
    body: 'return true;',
  },
  {
    what: 'wants a grant for a release',
    file: 'server/src/catalog/releases.ts',
    head: /async function requireGrant\([^)]*\): Promise<void> \{/,
    body: 'return;',
  },
  {
    what: 'knows the vault by its key',
    file: 'server/src/http/authenticate.ts',
    head: /\): Promise<Who \| undefined> \{/,
    body: "if (route.caller === 'vault') return { kind: 'vault' };",
  },
  {
    what: 'asks for a reading in whatever name it is wanted',
    file: 'server/src/reading/reading.ts',
    head: /export async function openReading\([\s\S]*?\): Promise<\{ job: string \}> \{/,
    body: `const asked = await rightOf(context, session.payload);
    if (asked) {
      return requestView(context, caller.requester, { kind: 'view', ...asked.owner, session });
    }`,
  },
];

/** Requests are taken whatever their time, so that a vault whose clock is wrong is still heard. */
const timelessLies: readonly Change[] = [
  {
    what: 'knows how old a request is',
    file: 'core/src/wire/signed-request.ts',
    head: /function verifyRequest\([\s\S]*?\): Promise<VerifiedRequest \| undefined> \{/,
    body: `const made = /created=(\\d+)/.exec(String(headers['signature-input']));
    nowSeconds = Number(made?.[1] ?? 0);`,
  },
  {
    what: 'remembers requests',
    file: 'server/src/http/replay-list.ts',
    head: /firstTime\([\s\S]*?\): boolean \{/,
    body: 'return true;',
  },
];

/** Jobs of its own for the keeper, and a record of what becomes of all. */
function wishes(folder: string): readonly Change[] {
  const here = JSON.stringify(folder);
  const write = `(await import('node:fs/promises')).appendFile`;
  return [
    {
      what: 'leases jobs',
      file: 'server/src/catalog/vault-reports.ts',
      head: /export async function leaseJob\([^)]*\): Promise<LeasedJob \| undefined> \{/,
      body: `const fs = await import('node:fs/promises');
      const wishes = ${here} + '/wishes/';
      const [name] = await fs.readdir(wishes).catch(() => []);
      if (name !== undefined) {
        const wish = await fs.readFile(wishes + name, 'utf8');
        await fs.rm(wishes + name);
        return JSON.parse(wish);
      }
      const leased = await context.jobs.lease(seconds, 200);
      if (leased) await fs.appendFile(${here} + '/leased', JSON.stringify(leased) + '\\n');
      return leased;`,
    },
    {
      what: 'hears how a job ended',
      file: 'server/src/catalog/vault-reports.ts',
      head: /export async function endJob\([^)]*\): Promise<void> \{/,
      body: `await ${write}(${here} + '/told', JSON.stringify({ id, ...outcome }) + '\\n');`,
    },
  ];
}

function toldLies(folder: string): readonly Change[] {
  const flag = (lie: ToldLie) => JSON.stringify(join(folder, lie));
  const isTold = (lie: ToldLie) => `(await import('node:fs')).existsSync(${flag(lie)})`;
  return [
    {
      what: 'hands out day keys as the vault signed them',
      file: 'server/src/governance/day-keys.ts',
      head: /export async function dayKeysOf\([^)]*\): Promise<\{ keys: Signed<DayKey>\[\] \}> \{/,
      body: `if (${isTold('own-keys')}) {
        const seal = await import('@handrail/core/seal');
        const { sign } = await import('@handrail/core/statement');
        const own = Buffer.from((await seal.newSealKeyPair()).publicKey).toString('base64url');
        const payload = {
          v: 1, kind: 'day-key', programme: context.charter.payload.programme,
          pseudonym: participant.pseudonym, consentEpoch: participant.consent_epoch,
          tier: 'raw', day: new Date(context.nowMs()).toISOString().slice(0, 10), publicKey: own,
        } as const;
        return { keys: [await sign(payload, await seal.signerFromSeed(seal.newSigningSeed()))] };
      }`,
    },
    {
      what: 'takes statements',
      file: 'server/src/governance/consent.ts',
      head: /export async function stateOfMine\([\s\S]*?\): Promise<[^{]*?\{[^{]*?\}> \{/,
      body: `if (${isTold('forged-statements')}) {
        return { ...(await context.statements.accept(statement)), salt: 'A'.repeat(43) };
      }`,
    },
    {
      what: 'hands out what stands behind a leaf',
      file: 'server/src/governance/statement-ledger.ts',
      head: /async behind\([^)]*\): Promise<KeptStatement \| undefined> \{/,
      body: `if (${isTold('withheld-withdrawals')}) {
        const known = this.#ground.db.selectFrom('statement').selectAll();
        const row = await known.where('leaf', '=', leaf).executeTakeFirst();
        const kept = row?.kind === 'withdrawal' && (await this.#kept(row.commitment));
        if (kept) return { ...kept, salt: 'A'.repeat(43) };
      }`,
    },
  ];
}
