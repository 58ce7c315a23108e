// The ledger as clients read it: its files through the server, and whose signatures these carry.
import { HandrailError } from '../errors/index.ts';
import { type LedgerPolicy, type LedgerReader, parseVerifierLine } from '../ledger/index.ts';
import type { Charter } from '../statement/index.ts';
import { type ClientContext, call } from './client.ts';
import { publicRoutes } from './public-routes.ts';

export function ledgerReader(client: ClientContext): LedgerReader {
  return {
    readTile: async (path) => {
      try {
        return await call(client, publicRoutes.ledger, { params: { '*': path } });
      } catch (error) {
        if (error instanceof HandrailError && error.code === 'not.found') return undefined;
        throw error;
      }
    },
  };
}

export function policyOf({ logVerifier, witnesses, witnessQuorum }: Charter): LedgerPolicy {
  return {
    log: parseVerifierLine(logVerifier),
    witnesses: witnesses.map(parseVerifierLine),
    quorum: witnessQuorum,
  };
}
