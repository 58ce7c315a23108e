// The home of a person of the charter: a signing key, a reading key and an age identity, in files
// that only their owner may read. Whoever holds them signs as that person.
import { join } from 'node:path';
import { makePrivateFolder, readFileIfAny, writeFileDurably } from '@handrail/agent/home/files';
import { fromBase64url, fromUtf8, toBase64url } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { idOf } from '@handrail/core/ids';
import { newSealKeyPair, newSigningSeed, type Signer, signerFromSeed } from '@handrail/core/seal';
import { idSchema, publicKeySchema, type Role, roleSchema } from '@handrail/core/statement';
import { z } from 'zod';

const personFile = 'person.json';
/** In the form that the `age` tool reads: `age --decrypt --identity FILE`. */
export const ageIdentityFile = 'age-identity.txt';

const secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const personSchema = z.strictObject({
  v: z.literal(1),
  id: idSchema('pers'),
  role: roleSchema,
  /** Ed25519, base64url. */
  publicKey: publicKeySchema,
  signingSeed: secret,
  /** X25519, base64url: what results are sealed to. */
  readingKey: publicKeySchema,
  readingPrivateKey: secret,
  /** age recipient that exports are sealed to. */
  recipient: z.string().regex(/^age1[a-z0-9]{58}$/),
  /** The programme that this person decides in, once it is known. */
  programme: z
    .strictObject({
      url: z.url(),
      fingerprint: z.string().max(64),
      /** Ed25519, base64url: of the vault that the fingerprint stands for. */
      vaultKey: publicKeySchema.optional(),
    })
    .optional(),
});
export type Person = z.infer<typeof personSchema>;

/** Makes a person with fresh keys in `folder`. Throws `state.conflict` where there is one. */
export async function createPerson(folder: string, role: Role): Promise<Person> {
  if (await readFileIfAny(join(folder, personFile))) {
    throw new HandrailError(
      'state.conflict',
      `${folder} holds a person's keys: name another --home.`,
    );
  }
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const signingSeed = newSigningSeed();
  const signer = await signerFromSeed(signingSeed);
  const reading = await newSealKeyPair();
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const person: Person = {
    v: 1,
    id: idOf('pers', signer.publicKey),
    role,
    publicKey: toBase64url(signer.publicKey),
    signingSeed: toBase64url(signingSeed),
    readingKey: toBase64url(reading.publicKey),
    readingPrivateKey: toBase64url(reading.privateKey),
    recipient,
  };
  await makePrivateFolder(folder);
  const identityText = `# public key: ${recipient}\n${identity}\n`;
  await writeFileDurably(join(folder, ageIdentityFile), identityText);
  await savePerson(folder, person);
  return person;
}

/** Throws `state.conflict` where there is none, `storage.broken` for a damaged file. */
export async function loadPerson(folder: string): Promise<Person> {
  const bytes = await readFileIfAny(join(folder, personFile));
  if (bytes === undefined) {
    const advice = 'name the --home of a steward, officer or researcher, or run "handrail key new"';
    throw new HandrailError('state.conflict', `${folder} holds no person's keys: ${advice}.`);
  }
  try {
    return personSchema.parse(JSON.parse(fromUtf8(bytes)));
  } catch (cause) {
    throw new HandrailError('storage.broken', `${join(folder, personFile)} is damaged.`, { cause });
  }
}

export async function savePerson(folder: string, person: Person): Promise<void> {
  await writeFileDurably(join(folder, personFile), `${JSON.stringify(person)}\n`);
}

export function personSigner(person: Person): Promise<Signer> {
  return signerFromSeed(fromBase64url(person.signingSeed));
}
