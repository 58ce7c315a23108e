// `ledger check-proof`: whether a saved opening stands in the ledger as it is told, off line.
import { Home } from '@handrail/agent/home/home';
import { fromBase64url, fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import {
  decodeEntry,
  type LedgerPolicy,
  leafHash,
  parseProofFile,
  proofFileBytesMax,
  verifyCheckpoint,
  verifyInclusion,
} from '@handrail/core/ledger';
import { isCommitted, tellingSchema } from '@handrail/core/opening';
import { replayOpening } from '@handrail/vault/audit/opening';
import { openPolicies } from '@handrail/vault/keeper/ledger/policies';
import { z } from 'zod';
import { readInputFile } from '../../home/input-file.ts';
import { keptPolicy, readPolicyFile } from '../../home/ledger-policy.ts';
import type { Session } from '../../session.ts';
import type { CheckProofOptions } from './command.ts';

const extraSchema = z.strictObject({ v: z.literal(1), entry: z.string(), telling: tellingSchema });

export async function run(
  { home, out }: Session,
  options: CheckProofOptions,
  file = '',
): Promise<number> {
  const policy = await policyFor(new Home(home), options.policy);
  const checked = await checkProof(await readInputFile(file, proofFileBytesMax), policy);
  if (checked.kind === 'refused') {
    out.print({ ok: false, reason: checked.reason }, [
      `The proof does not hold: ${checked.reason}.`,
    ]);
    return 1;
  }
  const { index, size, at, telling } = checked;
  const { opening, own } = telling;
  const { kind, purpose, tier, by } = opening;
  const again = replayOpening(await openPolicies(), opening);
  const ok = again !== 'another-answer';
  out.print({ ok, index, size, at, opening, own: own.part, again }, [
    `Entry ${index} of ${size} says what is told here; log and witnesses have signed it.`,
    `${at}: ${kind} of ${own.part.ids.join(', ')} (${tier}) for ${purpose}`,
    `by ${by.kind === 'person' ? `${by.role} ${by.id}` : by.kind}`,
    ...(again === undefined ? [] : [words[again]]),
  ]);
  return ok ? 0 : 1;
}

const words: Readonly<Record<NonNullable<ReturnType<typeof replayOpening>>, string>> = {
  same: 'Decided again over the facts that it commits to, the answer is the same.',
  'another-answer': 'Decided again over the facts that it commits to, it would not be allowed.',
  'other-policies': 'It was decided by policies of another version than this program carries.',
};

async function policyFor(home: Home, path: string | undefined): Promise<LedgerPolicy> {
  const policy = path === undefined ? await keptPolicy(home) : await readPolicyFile(path);
  if (policy !== undefined) return policy;
  throw new HandrailError('usage.invalid', 'Say whose signatures count, with --policy FILE.');
}

type Checked =
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'holds';
      readonly index: number;
      readonly size: number;
      readonly at: string;
      readonly telling: z.infer<typeof tellingSchema>;
    };

async function checkProof(bytes: Uint8Array, policy: LedgerPolicy): Promise<Checked> {
  const proof = parseProofFile(fromUtf8(bytes));
  const extra = proof && extraIn(proof.extra);
  if (proof === undefined || extra === undefined) return refused('malformed');
  const { log, witnesses, quorum } = policy;
  const verdict = await verifyCheckpoint(proof.checkpoint, log, witnesses, quorum);
  if (verdict.kind === 'refused') return refused(verdict.reason);
  const entry = fromBase64url(extra.entry);
  const { index } = proof;
  if (!verifyInclusion(leafHash(entry), index, verdict.checkpoint, proof.proof)) {
    return refused('not-in-the-ledger');
  }
  const decoded = decodeEntry(entry);
  if (!isCommitted(extra.telling, decoded)) return refused('not-what-was-committed-to');
  const { size } = verdict.checkpoint;
  return { kind: 'holds', index, size, at: decoded.at, telling: extra.telling };
}

function extraIn(bytes: Uint8Array): z.infer<typeof extraSchema> | undefined {
  try {
    return extraSchema.parse(JSON.parse(fromUtf8(bytes)));
  } catch {
    return undefined;
  }
}

function refused(reason: string): Checked {
  return { kind: 'refused', reason };
}
