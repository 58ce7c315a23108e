// An authenticator in software: it makes Ed25519 passkeys without attestation (WebAuthn, "none")
// and answers challenges as a browser on `origin` would hand them to it.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const presentAndVerified = 0x05;
const withCredential = 0x40;

export interface Authenticator {
  /** Answers `navigator.credentials.create`. */
  create(options: { readonly challenge: string }): object;
  /** Answers `navigator.credentials.get`. */
  get(options: { readonly challenge: string }, flags?: number): object;
}

export function newAuthenticator(origin: string): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const id = randomBytes(16);
  const site = createHash('sha256').update(new URL(origin).hostname).digest();
  let counter = 0;
  const data = (flags: number, rest: Buffer) => {
    counter += 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([site, Buffer.from([flags]), count, rest]);
  };
  const client = (type: string, challenge: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const answer = (response: Record<string, Buffer>) => ({
    ...{ id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' },
    clientExtensionResults: {},
    response: Object.fromEntries(
      Object.entries(response).map(([name, bytes]) => [name, bytes.toString('base64url')]),
    ),
  });
  return {
    create: ({ challenge }) => {
      const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
      // COSE: OKP, EdDSA, Ed25519.
      const key = Buffer.concat([Buffer.from('a401010327200621' + '5820', 'hex'), raw]);
      const named = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, key]);
      const made = data(presentAndVerified | withCredential, named);
      const attestationObject = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
        Buffer.from([made.length]),
        made,
      ]);
      const clientDataJSON = client('webauthn.create', challenge);
      return answer({ clientDataJSON, attestationObject });
    },
    get: ({ challenge }, flags = presentAndVerified) => {
      const clientDataJSON = client('webauthn.get', challenge);
      const authenticatorData = data(flags, Buffer.alloc(0));
      const digest = createHash('sha256').update(clientDataJSON).digest();
      const signature = sign(null, Buffer.concat([authenticatorData, digest]), privateKey);
      return answer({ clientDataJSON, authenticatorData, signature });
    },
  };
}
