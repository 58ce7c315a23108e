// The keeper's composition root: everything is built here once, in the order in which it depends on
// each other, and closed in the other order.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import type { Charter } from '@handrail/core/statement';
import { type ClientContext, call, ledgerReader, vaultRoutes } from '@handrail/core/wire';
import type { VaultConfig } from './config.ts';
import { lockFolder } from './keeper/folder/folder-lock.ts';
import { httpTransport } from './keeper/http-transport.ts';
import type { KeeperContext } from './keeper/keeper-context.ts';
import { utcDay } from './keeper/keys/key-leaf.ts';
import { openKeyring } from './keeper/keys/keyring.ts';
import { serverNodeStore } from './keeper/keys/node-store.ts';
import { parseCharter, pinCharter, readCharter, readInForce } from './keeper/ledger/charter.ts';
import { Checkpoints } from './keeper/ledger/checkpoint.ts';
import { type LedgerAccess, ledgerAccess, serverAppend } from './keeper/ledger/ledger-access.ts';
import { openPolicies } from './keeper/ledger/policies.ts';
import { Statements } from './keeper/ledger/statements.ts';
import { TagNumbers } from './keeper/ledger/tag-numbers.ts';
import { GrantUses } from './keeper/reading/grant-uses.ts';
import { ReadingNonces } from './keeper/reading/reading-nonces.ts';
import { openRefinedSessions } from './keeper/refined-sessions.ts';
import { releaseLists } from './keeper/releases/release-list.ts';
import { Removals } from './keeper/removals.ts';
import { serverPort } from './keeper/server-port.ts';
import { findOcr, ocrSays } from './keeper/workers/find-ocr.ts';
import { readModel } from './keeper/workers/local-model.ts';
import { startWorkers } from './keeper/workers/workers.ts';
import { createVault, readIdentity, type VaultIdentity } from './secrets.ts';

export const codeVersion = '0.1.0';
const dayMs = 86_400_000;

export interface Vault extends AsyncDisposable {
  readonly context: KeeperContext;
  /** For the log: what keeps workers in. */
  readonly isolation: string;
  /** For the log: what reads text in frames. */
  readonly ocr: string;
}

export async function openVault(config: VaultConfig): Promise<Vault> {
  const { vaultFolder, serverUrl } = config;
  const model = await readModel(config.model);
  await createVault(vaultFolder);
  const identity = await readIdentity(vaultFolder);
  const charter = await pinnedCharter(config);
  const policies = await openPolicies();
  await using opened = new AsyncDisposableStack();
  opened.use(await lockFolder(vaultFolder));
  const workers = opened.use(await startWorkers({ entry: workerEntry() }));
  const client: ClientContext = {
    transport: httpTransport(serverUrl),
    signer: identity.signer,
    nowMs: Date.now,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
  };
  const ground = {
    charter,
    identity,
    server: serverPort(client),
    ledger: await openLedger(vaultFolder, client, charter, policies.version, identity),
    keyring: await openKeyring(vaultFolder, serverNodeStore(client)),
    nowMs: Date.now,
  };
  const context = {
    ...ground,
    policies,
    lists: releaseLists(ground),
    sessions: await openRefinedSessions(
      vaultFolder,
      utcDay(Date.now() - ((await rawDays(vaultFolder, charter)) + 1) * dayMs),
    ),
    workerDeaths: new Map<string, number>(),
    ocr: await findOcr(config.tesseract),
    model,
    nonces: new ReadingNonces(),
    uses: await GrantUses.open(vaultFolder),
    removals: await Removals.open(vaultFolder),
    runTask: workers.run,
    show: workers.show,
    codeVersion,
  };
  const kept = opened.move();
  return {
    context,
    isolation: workers.isolation.says,
    ocr: ocrSays(context.ocr),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** How long what was refined must be remembered, whatever amendments have made of retention. */
async function rawDays(folder: string, pinned: Charter): Promise<number> {
  const inForce = (await readInForce(folder)) ?? pinned;
  return Math.max(pinned.retentionDays.raw, inForce.retentionDays.raw);
}

async function pinnedCharter({ vaultFolder, charterFile }: VaultConfig): Promise<Charter> {
  if (charterFile !== undefined) {
    const text = await readFile(charterFile, 'utf8');
    await pinCharter(vaultFolder, parseCharter(JSON.parse(text)));
  }
  const charter = await readCharter(vaultFolder);
  if (charter !== undefined) return charter;
  throw new HandrailError('usage.invalid', 'No charter is pinned: give charterFile once.');
}

async function openLedger(
  folder: string,
  client: ClientContext,
  charter: Charter,
  carried: string,
  identity: VaultIdentity,
): Promise<LedgerAccess> {
  const reader = ledgerReader(client);
  const source = (index: number) =>
    call(client, vaultRoutes.statements, { params: { index: String(index) } });
  const statements = await Statements.open(folder, charter, source, carried);
  const inForce = () => statements.charter;
  const checkpoints = await Checkpoints.open(folder, reader, inForce, Date.now);
  const numbers = await TagNumbers.open(folder);
  const append = serverAppend(client);
  const { programme } = charter;
  const { putObject } = serverPort(client);
  const parts = { reader, append, checkpoints, statements, nowMs: Date.now };
  return ledgerAccess({ ...parts, programme, identity, numbers, putObject });
}

function workerEntry(): string {
  return new URL('./worker/main.ts', import.meta.url).pathname;
}
