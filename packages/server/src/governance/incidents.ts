// Incidents: opened by whoever may stop things, which stops first; closed once probes have found
// nothing since it was mended. Resuming is another matter, and takes two.
import { HandrailError } from '@handrail/core/errors';
import {
  type Halt,
  type IncidentClosed,
  type IncidentOpened,
  type Person,
  type Signed,
  severityMax,
  signersOf,
  statementDigest,
} from '@handrail/core/statement';
import type { IncidentView } from '@handrail/core/wire';
import { notFound } from '../catalog/mine.ts';
import type { ServerContext } from '../context.ts';
import { declare } from './halts.ts';
import { incidentRow, incidentRows, viewOf } from './incident-view.ts';
import { lastRound, requireMay } from './probes.ts';

/** Throws `access.denied`, `signature.invalid`, `state.conflict`. */
export async function openIncident(
  context: ServerContext,
  {
    incident,
    halt,
  }: { readonly incident: Signed<IncidentOpened>; readonly halt: Signed<Halt> | null },
  caller: Person,
): Promise<IncidentView> {
  requireMay(context, caller, 'incident.open');
  await requireSigner(incident, caller);
  const { payload } = incident;
  requireOurs(context, payload.programme);
  // Whatever else is wrong with it: what stops, stops first.
  if (halt !== null && !context.programme.inForce.halted) await declare(context, halt, caller);
  await context.statements.inTurn(async () => {
    if (payload.severity < severityMax && !context.programme.inForce.halted) {
      throw new HandrailError('state.conflict', 'All but a note halts the programme: sign a halt.');
    }
    const known = await incidentRow(context, payload.incident);
    if (known === undefined) await context.statements.accept(incident);
    else if (!isSame(known.opened, incident)) {
      throw new HandrailError('state.conflict', 'There is another incident with this id.');
    }
  });
  return viewIncident(context, payload.incident, caller);
}

/** Throws `access.denied`, `signature.invalid`, `not.found`, `state.conflict`. */
export async function closeIncident(
  context: ServerContext,
  id: string,
  closing: Signed<IncidentClosed>,
  caller: Person,
): Promise<IncidentView> {
  requireMay(context, caller, 'incident.close');
  await requireSigner(closing, caller);
  const { payload } = closing;
  requireOurs(context, payload.programme);
  if (payload.incident !== id) throw notFound();
  await context.statements.inTurn(async () => {
    const known = await incidentRow(context, id);
    if (known === undefined) throw notFound();
    if (known.closed !== null) {
      if (isSame(known.closed, closing)) return;
      throw new HandrailError('state.conflict', 'The incident is closed.');
    }
    await requireMended(context, known.opened_at, payload);
    await context.statements.accept(closing);
  });
  return viewIncident(context, id, caller);
}

/** Throws `state.conflict` unless the last probes are whole, found nothing, and came later. */
async function requireMended(
  context: ServerContext,
  openedAt: string,
  { fixedAt, probes, at }: IncidentClosed,
): Promise<void> {
  const last = await lastRound(context);
  const isLast = last !== undefined && last.index === probes;
  const isGreen = isLast && last.findings === 0 && last.untried === 0;
  if (!isGreen) {
    throw new HandrailError('state.conflict', 'The last probes must have found nothing: run them.');
  }
  if (fixedAt < openedAt || at < fixedAt || last.startedAt < fixedAt) {
    throw new HandrailError('state.conflict', 'Probes count from when it was mended: run them.');
  }
}

export async function viewIncident(
  context: ServerContext,
  id: string,
  caller: Person,
): Promise<IncidentView> {
  requireMay(context, caller, 'incident.view');
  const row = await incidentRow(context, id);
  if (row === undefined) throw notFound();
  return viewOf(context, row, caller);
}

/** Newest first. */
export async function listIncidents(
  context: ServerContext,
  caller: Person,
): Promise<IncidentView[]> {
  requireMay(context, caller, 'incident.view');
  const rows = await incidentRows(context);
  const views: IncidentView[] = [];
  for (const row of rows) views.push(await viewOf(context, row, caller));
  return views;
}

async function requireSigner(statement: Signed<unknown>, caller: Person): Promise<void> {
  if ((await signersOf(statement)).has(caller.publicKey)) return;
  throw new HandrailError('signature.invalid', 'The statement is not signed by who sends it.');
}

function requireOurs({ charter }: ServerContext, programme: string): void {
  if (programme === charter.payload.programme) return;
  throw new HandrailError('state.conflict', 'This is of another programme.');
}

function isSame(kept: string, statement: Signed<unknown>): boolean {
  return statementDigest(JSON.parse(kept)) === statementDigest(statement);
}
