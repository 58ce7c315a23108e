// The charter as it was signed, with what must fit it: notice, log and witnesses. A server whose
// files do not fit does not start.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import { type NoteSigner, verifierKey, verifierLine } from '@handrail/core/ledger';
import {
  type Charter,
  charterSchema,
  programmeFingerprint,
  type Signed,
  type Statement,
  signedSchema,
  statementSchema,
} from '@handrail/core/statement';
import { z } from 'zod';
import type { ServerConfig } from '../config.ts';

export interface Pinned {
  readonly charter: Signed<Charter>;
  readonly notice: string;
  readonly fingerprint: string;
  /** What stands in the ledger right after the charter. */
  readonly founding: readonly Signed<Statement>[];
}

const foundingMax = 20;
const foundingSchema = z.array(signedSchema(statementSchema)).max(foundingMax);
const noticeBytesMax = 1024 * 1024;

/** Throws `usage.invalid`, naming what does not fit. */
export async function readPinned(config: ServerConfig, log: NoteSigner): Promise<Pinned> {
  const charter = signedSchema(charterSchema).safeParse(await jsonIn(config.charterFile));
  if (!charter.success) throw wrong(`${config.charterFile} holds no signed charter.`);
  const { payload } = charter.data;
  const notice = await readFile(config.noticeFile).catch(() => undefined);
  if (notice === undefined || notice.length > noticeBytesMax) {
    throw wrong(`${config.noticeFile} cannot be read.`);
  }
  if (createHash('sha256').update(notice).digest('hex') !== payload.noticeDigest) {
    throw wrong(`${config.noticeFile} is not the notice that the charter names.`);
  }
  const line = verifierLine(verifierKey(log.name, log.signer.publicKey, 'ed25519'));
  if (line !== payload.logVerifier) throw wrong("The log's key is not the one in the charter.");
  if (config.witnesses.some(({ verifierLine: one }) => !payload.witnesses.includes(one))) {
    throw wrong('A witness is not among those in the charter.');
  }
  if (config.witnesses.length < payload.witnessQuorum) {
    throw wrong(`The charter asks for ${payload.witnessQuorum} witnesses: name them.`);
  }
  return {
    charter: charter.data,
    notice: notice.toString('utf8'),
    fingerprint: programmeFingerprint(config.vaultKey, payload),
    founding: await foundingIn(config.foundingFile),
  };
}

async function foundingIn(path: string | undefined): Promise<Pinned['founding']> {
  if (path === undefined) return [];
  const founding = foundingSchema.safeParse(await jsonIn(path));
  if (founding.success) return founding.data;
  throw wrong(`${path} holds no signed statements.`);
}

async function jsonIn(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    throw wrong(`${path} cannot be read as JSON.`);
  }
}

function wrong(message: string): HandrailError {
  return new HandrailError('usage.invalid', message);
}
