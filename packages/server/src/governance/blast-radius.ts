// The blast radius of an incident, out of what this server knows: the policies replayed over its
// facts, the storage that probes found open, and the openings that the ledger holds. Participants
// are one line, so that nothing here is about anyone.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeEntry, readEntries, tileHashReader, treeRoot } from '@handrail/core/ledger';
import type { Person, ProgrammePhase } from '@handrail/core/statement';
import type { BlastRadiusView } from '@handrail/core/wire';
import { blastRadiusInSteps, type Period } from '@handrail/policy/blast-radius';
import { type Asker, type Phase, phaseOf } from '@handrail/policy/question';
import { notFound } from '../catalog/mine.ts';
import type { ServerContext } from '../context.ts';
import { personAsking } from './access.ts';
import { incidentRow, sinceOf } from './incident-view.ts';
import { instantOf } from './instant.ts';
import { requireMay } from './probes.ts';
import {
  keptIn,
  outgoingIn,
  outgoingReach,
  readsIn,
  type Span,
  store,
} from './radius-artifacts.ts';

const roundsMax = 1_000;
/** Others wait no longer for their turn. */
const turnMsMax = 10;
const anyParticipant: Asker = {
  kind: 'participant',
  pseudonym: 'any participant, of what is not theirs',
  consents: true,
};
const stranger: Asker = { kind: 'stranger', id: 'stranger' };

/** Throws `access.denied`, `not.found`. */
export async function blastRadiusOf(
  context: ServerContext,
  id: string,
  caller: Person,
): Promise<BlastRadiusView> {
  requireMay(context, caller, 'incident.investigate');
  const row = await incidentRow(context, id);
  if (row === undefined) throw notFound();
  const toMs = row.closed_at === null ? context.nowMs() : Date.parse(row.closed_at);
  const span = { fromMs: Math.min(Date.parse(sinceOf(row)), toMs), toMs };
  const outgoing = await outgoingIn(context, span);
  const artifacts = [...(await keptIn(context, span)), ...outgoing.artifacts];
  const periods = await periodsIn(context, span);
  const reads = await readsIn(context, span);
  const people = context.charter.payload.persons.map(personAsking);
  const history = { identities: [...people, anyParticipant, stranger], artifacts, periods, reads };
  const radius = await inTurns(blastRadiusInSteps(history));
  const { reaches } = radius;
  return {
    from: instantOf(span.fromMs),
    to: instantOf(span.toMs),
    artifacts: artifacts.length,
    couldHaveRead: reaches.map(({ identity, byPolicy, byStorage }) => {
      return { identity, byPolicy, byStorage };
    }),
    didRead: reaches
      .filter((reach) => reach.reads > 0)
      .map(({ identity, read, reads: times }) => ({ identity, artifacts: read, reads: times })),
    unexplained: reaches.reduce((sum, { unexplained }) => sum + unexplained, 0),
    outgoing: await outgoingReach(context, history, radius, outgoing.releases),
    openings: await openingsIn(context, span),
  };
}

async function inTurns<R>(steps: Generator<undefined, R>): Promise<R> {
  let sinceMs = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - sinceMs < turnMsMax) continue;
    await nextTurn();
    sinceMs = performance.now();
  }
}

/** Cut where the phase changed, other policies came, or probes found storage otherwise. */
async function periodsIn(context: ServerContext, span: Span): Promise<Period[]> {
  const { phases, policies } = await decidedOf(context);
  const rounds = await roundsOf(context);
  const cuts = [...phases, ...policies, ...rounds].map(({ atMs }) => atMs);
  const inside = cuts.filter((atMs) => atMs > span.fromMs && atMs < span.toMs);
  const edges = [...new Set([span.fromMs, ...inside, span.toMs])].sort((a, b) => a - b);
  return edges.slice(0, -1).map((fromMs, at) => {
    const toMs = edges[at + 1] ?? span.toMs;
    const phase = phases.findLast(({ atMs }) => atMs <= fromMs)?.phase ?? 'draft';
    // What one round finds open may have been so since the round before.
    const next = rounds.find(({ atMs }) => atMs >= toMs);
    const last = rounds.findLast(({ atMs }) => atMs <= fromMs);
    const isOpen = next?.open === true || last?.open === true;
    const inForce = policies.findLast(({ atMs }) => atMs <= fromMs)?.digest;
    const isOurs = inForce === undefined || inForce === context.policies.version;
    const known = isOurs ? context.policies : undefined;
    return { fromMs, toMs, policies: known, phase, openStores: isOpen ? [store] : [] };
  });
}

/** What was decided and declared, with its times. */
async function decidedOf({ db, statements }: ServerContext) {
  const rows = await db
    .selectFrom('statement')
    .select('leaf')
    .where('kind', 'in', ['start', 'close', 'halt', 'resume', 'policy'])
    .orderBy('leaf')
    .execute();
  const phases: { readonly atMs: number; readonly phase: Phase }[] = [];
  let standing: ProgrammePhase = 'draft';
  let halted = false;
  const policies: { readonly atMs: number; readonly digest: string }[] = [];
  for (const { leaf } of rows) {
    const payload = (await statements.behind(leaf))?.statement.payload;
    if (payload === undefined || !('at' in payload)) continue;
    const atMs = Date.parse(payload.at);
    if (payload.kind === 'policy') policies.push({ atMs, digest: payload.digest });
    if (payload.kind === 'start') standing = 'active';
    if (payload.kind === 'close') standing = 'closed';
    if (payload.kind === 'halt' || payload.kind === 'resume') halted = payload.kind === 'halt';
    phases.push({ atMs, phase: phaseOf(standing, halted) });
  }
  return { phases, policies };
}

async function roundsOf({ db }: ServerContext) {
  const rows = await db
    .selectFrom('probe_round')
    .select(['started_at', 'report'])
    .orderBy('leaf', 'desc')
    .limit(roundsMax)
    .execute();
  return rows.reverse().map(({ started_at: startedAt, report }) => {
    const { findings } = JSON.parse(report).payload as { findings: { what: string }[] };
    return { atMs: Date.parse(startedAt), open: findings.some(({ what }) => what === 'open') };
  });
}

async function openingsIn({ ledger }: ServerContext, { fromMs, toMs }: Span) {
  const { files, size } = ledger;
  const root = await treeRoot(tileHashReader(files, size), size);
  const openings: Record<string, number> = {};
  for await (const { bytes } of readEntries(files, { size, root }, 0)) {
    const { kind, at } = decodeEntry(bytes);
    const atMs = Date.parse(at);
    if (!/\.(opened|downloaded)$/.test(kind) || kind === 'incident.opened') continue;
    if (atMs < fromMs || atMs > toMs) continue;
    openings[kind] = (openings[kind] ?? 0) + 1;
  }
  return openings;
}
