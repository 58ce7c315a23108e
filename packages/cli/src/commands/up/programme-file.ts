// What `up` remembers of the programme that it made: nothing here opens or signs anything.
import { readFileIfAny, writeFileDurably } from '@handrail/agent/home/files';
import { fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { publicKeySchema } from '@handrail/core/statement';
import { z } from 'zod';
import type { Layout } from './layout.ts';

const programmeSchema = z.strictObject({
  v: z.literal(1),
  fingerprint: z.string().max(64),
  vaultKey: publicKeySchema,
  inviteToken: z.string().min(16).max(100),
  logVerifier: z.string().max(200),
  witnessVerifier: z.string().max(200),
  k: z.int().min(1),
  /** Where it listened last, so that those who joined find it again; 0 before the first start. */
  port: z.int().min(0).max(65_535),
});
export type ProgrammeFile = z.infer<typeof programmeSchema>;

/** Undefined before the first use. Throws `storage.broken` for a damaged file. */
export async function readProgrammeFile(layout: Layout): Promise<ProgrammeFile | undefined> {
  const bytes = await readFileIfAny(layout.programme);
  if (bytes === undefined) return undefined;
  try {
    return programmeSchema.parse(JSON.parse(fromUtf8(bytes)));
  } catch (cause) {
    throw new HandrailError('storage.broken', `${layout.programme} is damaged.`, { cause });
  }
}

export async function writeProgrammeFile(layout: Layout, programme: ProgrammeFile): Promise<void> {
  await writeFileDurably(layout.programme, `${JSON.stringify(programme)}\n`);
}
