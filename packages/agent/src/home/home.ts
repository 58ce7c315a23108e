// A person's home folder: the device's keys, what was agreed to, and the switches that act at once.
// Everything in it belongs to one participant and is readable by nobody else.
import { join } from 'node:path';
import { type Budgets, budgetsSchema, defaultBudgets } from '@handrail/core/budget';
import { fromBase64url, fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { type Signer, signerFromSeed } from '@handrail/core/seal';
import {
  consentSchema,
  erasureSchema,
  idSchema,
  manifestSchema,
  publicKeySchema,
  signedSchema,
  withdrawalSchema,
} from '@handrail/core/statement';
import { z } from 'zod';
import { makePrivateFolder, readFileIfAny, writeFileDurably } from './files.ts';

const secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const deviceSchema = z.strictObject({
  v: z.literal(1),
  url: z.url(),
  programme: idSchema('prog'),
  fingerprint: z.string(),
  vaultKey: publicKeySchema,
  device: idSchema('dev'),
  pseudonym: idSchema('part'),
  /** Ed25519 seed, base64url. */
  signingSeed: secret,
  /** X25519 private key, base64url. */
  readingKey: secret,
  consent: signedSchema(consentSchema),
  /** The manifest that the consent accepted, when one was active. */
  manifest: signedSchema(manifestSchema).nullable(),
  withdrawn: z.boolean(),
  /** What the organisation has not been told yet. */
  leaving: z.enum(['withdrawal', 'erasure']).optional(),
  /** What it was told, and where that is to stand in the ledger. */
  left: z
    .strictObject({
      statement: signedSchema(z.discriminatedUnion('kind', [withdrawalSchema, erasureSchema])),
      index: z.int().min(0),
      salt: secret,
      isProven: z.boolean(),
    })
    .optional(),
});
export type Device = z.infer<typeof deviceSchema>;

export const switchesSchema = z.strictObject({
  /** Unix time in ms; null: until resumed; absent: not paused. */
  pausedUntilMs: z.number().nullable().optional(),
});
export type Switches = z.infer<typeof switchesSchema>;

const runStateSchema = z.strictObject({
  /** The highest programme epoch of any lease: a lower one is refused. */
  programmeEpoch: z.int().min(1),
  session: z.string().optional(),
});
export type RunState = z.infer<typeof runStateSchema>;

export class Home {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** The joined device, or undefined before `join`. */
  async deviceIfAny(): Promise<Device | undefined> {
    return this.#read('device.json', deviceSchema);
  }

  /** Throws `state.conflict` before `join`. */
  async device(): Promise<Device> {
    const device = await this.deviceIfAny();
    if (device) return device;
    throw new HandrailError(
      'state.conflict',
      'This home has not joined: run "handrail join" first.',
    );
  }

  async saveDevice(device: Device): Promise<void> {
    await makePrivateFolder(this.folder);
    await writeFileDurably(this.path('device.json'), JSON.stringify(device));
  }

  async switches(): Promise<Switches> {
    return (await this.#read('switches.json', switchesSchema)) ?? {};
  }

  async saveSwitches(switches: Switches): Promise<void> {
    await makePrivateFolder(this.folder);
    await writeFileDurably(this.path('switches.json'), JSON.stringify(switches));
  }

  /** What its owner lets the agent take of this computer. */
  async budgets(): Promise<Budgets> {
    return (await this.#read('budgets.json', budgetsSchema)) ?? defaultBudgets;
  }

  async saveBudgets(budgets: Budgets): Promise<void> {
    await makePrivateFolder(this.folder);
    await writeFileDurably(this.path('budgets.json'), JSON.stringify(budgets));
  }

  /** What a run leaves for the next one: a session that may not have ended, and the epoch seen. */
  async runState(): Promise<RunState> {
    return (await this.#read('run.json', runStateSchema)) ?? { programmeEpoch: 1 };
  }

  async saveRunState(state: RunState): Promise<void> {
    await writeFileDurably(this.path('run.json'), JSON.stringify(state));
  }

  async #read<S extends z.ZodType>(name: string, schema: S): Promise<z.infer<S> | undefined> {
    const bytes = await readFileIfAny(this.path(name));
    if (bytes === undefined) return undefined;
    try {
      return schema.parse(JSON.parse(fromUtf8(bytes)));
    } catch (cause) {
      throw new HandrailError('storage.broken', `${name} in the home folder is damaged.`, {
        cause,
      });
    }
  }
}

export function deviceSigner(device: Device): Promise<Signer> {
  return signerFromSeed(fromBase64url(device.signingSeed));
}
