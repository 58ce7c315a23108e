// What the keeper asks of the server besides the ledger. Everything that comes back is a claim, to
// be checked against signatures and the ledger.
import { HandrailError } from '@handrail/core/errors';
import type { DayKey, ErasureCertificate, Grant, Signed } from '@handrail/core/statement';
import {
  type Acceptance,
  type ClientContext,
  call,
  type Job,
  type PayloadOf,
  type ReaderState,
  type ReleaseFacts,
  type SupersessionFacts,
  vaultRoutes,
} from '@handrail/core/wire';

import type { ParticipantEpoch } from './keys/keyring.ts';

export interface LeasedJob {
  readonly id: string;
  readonly job: Job;
}

export type JobOutcome = PayloadOf<(typeof vaultRoutes.finishJob)['body']>;
export type BystanderReport = PayloadOf<(typeof vaultRoutes.bystanderRemoved)['body']>;
export type RefinedReport = PayloadOf<(typeof vaultRoutes.refined)['body']>;

export interface ServerPort {
  /** Gives back what an earlier life of this keeper had leased. */
  restart(): Promise<void>;
  leaseJob(seconds: number): Promise<LeasedJob | undefined>;
  finishJob(id: string, outcome: JobOutcome): Promise<void>;
  /** Throws `not.found`. */
  getObject(name: string): Promise<Uint8Array>;
  /** Returns what stands there now: these bytes, or those of an earlier try of the same job. */
  putObject(name: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** With which segments it came into the ledger, and where. Throws `not.found`. */
  acceptance(segment: string): Promise<Acceptance>;
  grant(id: string): Promise<Signed<Grant>>;
  putReadingNonce(nonce: string): Promise<void>;
  putChunk(reading: string, number: number, box: Uint8Array): Promise<void>;
  /** Waits about a second for the reader to ask for chunk `wanted`. */
  awaitReader(reading: string, wanted: number): Promise<ReaderState>;
  putDayKeys(keys: readonly Signed<DayKey>[]): Promise<void>;
  /** Deletes what cannot be opened any more; says how many objects are gone. */
  erased(owner: ParticipantEpoch): Promise<ErasureCertificate['objects']>;
  certified(certificate: Signed<ErasureCertificate>): Promise<void>;
  refined(report: RefinedReport): Promise<void>;
  bystanderRemoved(report: BystanderReport): Promise<void>;
  released(facts: ReleaseFacts): Promise<void>;
  superseded(release: string, facts: SupersessionFacts): Promise<void>;
}

export function serverPort(client: ClientContext): ServerPort {
  return {
    restart: () => call(client, vaultRoutes.restart, {}),
    leaseJob: async (seconds) => {
      const { job } = await call(client, vaultRoutes.leaseJob, { body: { seconds } });
      return job ?? undefined;
    },
    finishJob: (id, outcome) =>
      call(client, vaultRoutes.finishJob, { params: { id }, body: outcome }),
    getObject: (name) => call(client, vaultRoutes.getObject, { params: { '*': name } }),
    putObject: (name, body) => putOnce(client, name, body),
    acceptance: (id) => call(client, vaultRoutes.acceptance, { params: { id } }),
    grant: async (id) => (await call(client, vaultRoutes.grant, { params: { id } })).grant,
    putReadingNonce: (nonce) => call(client, vaultRoutes.putReadingNonce, { body: { nonce } }),
    putChunk: (id, number, body) =>
      call(client, vaultRoutes.putChunk, { params: { id, number: String(number) }, body }),
    awaitReader: (id, wanted) =>
      call(client, vaultRoutes.awaitReader, { params: { id }, body: { wanted } }),
    putDayKeys: (keys) => call(client, vaultRoutes.putDayKeys, { body: { keys: [...keys] } }),
    erased: (body) => call(client, vaultRoutes.erased, { body }),
    certified: (certificate) => call(client, vaultRoutes.certified, { body: { certificate } }),
    refined: (body) => call(client, vaultRoutes.refined, { body }),
    bystanderRemoved: (body) => call(client, vaultRoutes.bystanderRemoved, { body }),
    released: (body) => call(client, vaultRoutes.released, { params: { id: body.id }, body }),
    superseded: (id, body) => call(client, vaultRoutes.superseded, { params: { id }, body }),
  };
}

async function putOnce(client: ClientContext, name: string, body: Uint8Array): Promise<Uint8Array> {
  const params = { '*': name };
  try {
    await call(client, vaultRoutes.putObject, { params, body });
    return body;
  } catch (error) {
    if (!(error instanceof HandrailError) || error.code !== 'state.conflict') throw error;
    return call(client, vaultRoutes.getObject, { params });
  }
}
