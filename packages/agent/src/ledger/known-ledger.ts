// The ledger as this device knows it: every checkpoint it believes must continue the last one, and
// what does not is kept as evidence and shown for as long as it is there.
import { fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import {
  type AdvanceRefusal,
  type Checkpoint,
  checkpointPath,
  follow,
  type LedgerPolicy,
  type LedgerReader,
  parseCheckpoint,
  parseNote,
} from '@handrail/core/ledger';
import { z } from 'zod';
import { readFileIfAny, writeFileDurably } from '../home/files.ts';
import type { Home } from '../home/home.ts';

export const evidenceNames = ['rollback', 'fork', 'inconsistent', 'wrong-origin'] as const;

const evidenceSchema = z.strictObject({
  v: z.literal(1),
  /** What the log, which signed both, did to its history. */
  reason: z.enum(evidenceNames),
  at: z.iso.datetime(),
  /** The two notes that contradict each other. */
  known: z.string(),
  shown: z.string(),
});
export type LedgerEvidence = z.infer<typeof evidenceSchema>;

export type Followed =
  | {
      readonly kind: 'continues';
      readonly checkpoint: Checkpoint;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'broken'; readonly reason: AdvanceRefusal }
  /** Not signed as the policy asks, or not there: nothing is known, and nothing proven. */
  | { readonly kind: 'unverified'; readonly reason: string };

const rememberedName = 'ledger-checkpoint';
const evidenceName = 'ledger-evidence.json';

/** Reads the newest checkpoint and keeps it where it continues the last one. */
export async function followLedger(
  home: Home,
  reader: LedgerReader,
  policy: LedgerPolicy,
  nowMs: number,
): Promise<Followed> {
  const known = await readFileIfAny(home.path(rememberedName));
  const last = known && checkpointIn(known);
  const step = await follow(reader, last, policy);
  if (step.kind === 'advanced') {
    if (step.checkpoint.size !== last?.size) {
      await writeFileDurably(home.path(rememberedName), step.bytes);
    }
    return { kind: 'continues', checkpoint: step.checkpoint, bytes: step.bytes };
  }
  const reason = evidenceNames.find((name) => name === step.reason);
  if (reason === undefined || known === undefined) {
    return { kind: 'unverified', reason: step.reason };
  }
  const shown = (await reader.readTile(checkpointPath)) ?? new Uint8Array();
  const at = new Date(nowMs).toISOString();
  const both = { known: fromUtf8(known), shown: fromUtf8(shown) };
  await keepEvidence(home, { v: 1, reason, at, ...both });
  return { kind: 'broken', reason };
}

/** What this device has seen contradict itself, or undefined. */
export async function ledgerEvidence(home: Home): Promise<LedgerEvidence | undefined> {
  const bytes = await readFileIfAny(home.path(evidenceName));
  if (bytes === undefined) return undefined;
  const parsed = evidenceSchema.safeParse(JSON.parse(fromUtf8(bytes)));
  if (parsed.success) return parsed.data;
  throw new HandrailError('storage.broken', `${evidenceName} in the home folder is damaged.`);
}

/** The first contradiction is kept: later ones follow from it. */
async function keepEvidence(home: Home, evidence: LedgerEvidence): Promise<void> {
  if ((await ledgerEvidence(home)) !== undefined) return;
  await writeFileDurably(home.path(evidenceName), JSON.stringify(evidence));
}

function checkpointIn(bytes: Uint8Array): Checkpoint {
  const note = parseNote(new Uint8Array(bytes));
  const checkpoint = note && parseCheckpoint(note.text);
  if (checkpoint) return checkpoint;
  throw new HandrailError('storage.broken', 'ledger-checkpoint is damaged: what was seen is lost.');
}
