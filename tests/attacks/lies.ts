// What the lying server says: yes to every question, the vault's part to any key, other people's
// things to whoever asks, and, once told to, day keys of its own.
import type { Change } from '@handrail/testbed/changed-build';

/** The server's own keys are offered while `flag` exists. */
export function lies(flag: string): readonly Change[] {
  return [
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
    {
      what: 'hands out day keys as the vault signed them',
      file: 'server/src/governance/day-keys.ts',
      head: /export async function dayKeysOf\([^)]*\): Promise<\{ keys: Signed<DayKey>\[\] \}> \{/,
      body: `if ((await import('node:fs')).existsSync(${JSON.stringify(flag)})) {
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
  ];
}
