// What the vault is answered. It gets ciphertext, opaque nodes and signed statements, and appends
// to the ledger before it opens anything.

import { utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { decodeEntry, type EntryKind } from '@handrail/core/ledger';
import { nodesPerCallMax, vaultRoutes } from '@handrail/core/wire';
import { takeRemoved } from '../catalog/bystanders.ts';
import { takeCertificate, takeErased } from '../catalog/erasure.ts';
import { notFound, trajectoryFacts } from '../catalog/mine.ts';
import { readObject, writeObject } from '../catalog/objects.ts';
import {
  endJob,
  leaseJob,
  restartJobs,
  takeDayKeys,
  takeRefined,
  takeReleased,
  takeSuperseded,
} from '../catalog/vault-reports.ts';
import type { ServerContext } from '../context.ts';
import { grantFile } from '../governance/grants.ts';
import { acceptanceOf } from '../intake/acceptance.ts';
import { keepReadingNonce } from '../reading/nonce.ts';
import { readerOf } from '../reading/reading.ts';
import { type Binding, forVault } from './binding.ts';

const leaseWaitMs = 2_000;
/** Statements are appended by the server, which keeps what they say. */
const notTheVaults: readonly EntryKind[] = [
  'statement.accepted',
  'segments.accepted',
  'programme.stopped-by-login',
  'decisions.recorded',
];

export function vaultBindings(context: ServerContext): readonly Binding[] {
  return [...work(context), ...readings(context), ...storage(context), ...reports(context)];
}

function work(context: ServerContext): readonly Binding[] {
  const { ledger, statements } = context;
  return [
    forVault(vaultRoutes.leaseJob, async ({ body }) => ({
      job: (await leaseJob(context, body.seconds, leaseWaitMs)) ?? null,
    })),
    forVault(vaultRoutes.restart, async () => {
      await restartJobs(context);
      return undefined;
    }),
    forVault(vaultRoutes.finishJob, async ({ body, param }) => {
      await endJob(context, param('id'), body);
      return undefined;
    }),
    forVault(vaultRoutes.append, async ({ body }) => {
      const entries = body.entries.map(utf8);
      const kinds = entries.map((entry) => decodeEntry(entry).kind);
      if (kinds.some((kind) => kind !== 'keys.shredded')) await context.room.requireSpare();
      if (kinds.some((kind) => notTheVaults.includes(kind))) {
        throw new HandrailError('access.denied', 'Entries of this kind are not for the vault.');
      }
      return ledger.append(entries);
    }),
    forVault(vaultRoutes.statements, async ({ param }) => {
      const leaf = param('index');
      const kept = /^\d{1,9}$/.test(leaf) ? await statements.behind(Number(leaf)) : undefined;
      if (kept === undefined) throw notFound();
      return kept;
    }),
    forVault(vaultRoutes.grant, async ({ param }) => {
      const file = await grantFile(context, param('id'));
      if (file === undefined) throw notFound();
      return { grant: file.grant, approvals: [...file.approvals] };
    }),
  ];
}

function readings(context: ServerContext): readonly Binding[] {
  const { readings: relay, db } = context;
  return [
    forVault(vaultRoutes.putReadingNonce, async ({ body: { nonce } }) => {
      await keepReadingNonce(db, nonce);
      return undefined;
    }),
    forVault(vaultRoutes.putChunk, async ({ body, param }) => {
      relay.put(param('id'), Number(param('number')), body);
      return undefined;
    }),
    forVault(vaultRoutes.awaitReader, ({ body, param }) =>
      readerOf(context, param('id'), body.wanted),
    ),
  ];
}

function storage(context: ServerContext): readonly Binding[] {
  return [
    forVault(vaultRoutes.getObject, ({ param }) => readObject(context, param('*'))),
    forVault(vaultRoutes.acceptance, ({ param }) => acceptanceOf(context, param('id'))),
    forVault(vaultRoutes.putObject, async ({ body, param }) => {
      await writeObject(context, param('*'), body);
      return undefined;
    }),
    forVault(vaultRoutes.getNodes, ({ body }) => nodes(context, body.names)),
    forVault(vaultRoutes.putNodes, async ({ body }) => {
      if (Object.keys(body.put).length > nodesPerCallMax) {
        throw new HandrailError('input.too-large', `Put at most ${nodesPerCallMax} nodes a call.`);
      }
      await context.facts.record({ kind: 'nodes', ...body });
      return undefined;
    }),
  ];
}

function reports(context: ServerContext): readonly Binding[] {
  return [
    forVault(vaultRoutes.putDayKeys, async ({ body }) => {
      await takeDayKeys(context, body.keys);
      return undefined;
    }),
    forVault(vaultRoutes.erased, ({ body }) => takeErased(context, body)),
    forVault(vaultRoutes.certified, async ({ body }) => {
      await takeCertificate(context, body.certificate);
      return undefined;
    }),
    forVault(vaultRoutes.trajectoryKey, ({ param }) => trajectoryKey(context, param('id'))),
    forVault(vaultRoutes.refined, async ({ body }) => {
      await takeRefined(context, body);
      return undefined;
    }),
    forVault(vaultRoutes.bystanderRemoved, async ({ body }) => {
      await takeRemoved(context, body);
      return undefined;
    }),
    forVault(vaultRoutes.released, async ({ body, param }) => {
      await takeReleased(context, param('id'), body);
      return undefined;
    }),
    forVault(vaultRoutes.superseded, async ({ body, param }) => {
      await takeSuperseded(context, param('id'), body);
      return undefined;
    }),
  ];
}

async function nodes({ db }: ServerContext, names: readonly string[]) {
  if (names.length === 0) return { nodes: {} };
  const rows = await db.selectFrom('node').selectAll().where('name', 'in', names).execute();
  return { nodes: Object.fromEntries(rows.map(({ name, value }) => [name, value])) };
}

async function trajectoryKey({ db }: ServerContext, id: string) {
  const row = await db
    .selectFrom('trajectory')
    .selectAll()
    .where('id', '=', id)
    .where('removed', '=', false)
    .executeTakeFirst();
  if (row === undefined) throw notFound();
  const { pseudonym, consent_epoch: consentEpoch } = row;
  return { pseudonym, consentEpoch, facts: trajectoryFacts(row) };
}
