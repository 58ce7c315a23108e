// What a person can say to their own device, whether or not the agent is running: it acts at once,
// without a network, without a reason.
import { HandrailError } from '@handrail/core/errors';
import { askStatus, sendCommand } from './control/client.ts';
import type { Status } from './control/protocol.ts';
import { proveLeaving } from './enrol/withdraw.ts';
import { clientOf } from './home/client.ts';
import { deviceSigner, type Home } from './home/home.ts';
import { ledgerEvidence } from './ledger/known-ledger.ts';
import { Outbox } from './outbox.ts';
import { standingOf } from './standing.ts';
import { StatusBook } from './status-book.ts';

export type PauseSpan = '5m' | '30m' | 'today' | 'forever';
export type ForgetSpan = '15m' | '1h' | 'session' | 'all';
export type { Status } from './control/protocol.ts';

const minuteMs = 60_000;

export async function statusOf(home: Home): Promise<Status> {
  const running = await askStatus(home);
  if (running) return running;
  await proveLeaving(home).catch(() => undefined);
  const { withdrawn } = await home.device();
  const { pausedUntilMs } = await home.switches();
  const standing = standingOf({
    withdrawn,
    pausedUntilMs: isOver(pausedUntilMs) ? undefined : pausedUntilMs,
    hasManifest: true,
    hasKeys: true,
    lease: { kind: 'live', lease: noLease },
    display: 'none',
    indicator: 'none',
    budget: { step: 'all', because: undefined },
    trouble: undefined,
    ledger: (await ledgerEvidence(home))?.reason,
  });
  const outbox = await outboxOf(home);
  const shown =
    standing.state === 'off' ? { ...standing, reason: 'no agent is running' } : standing;
  return new StatusBook(home, outbox).status(shown, pausedUntilMs, {});
}

/** Pauses; gives until when (ISO 8601), or null for until resumed. */
export async function pause(home: Home, span: PauseSpan): Promise<string | null> {
  const pausedUntilMs = pauseEnd(span, Date.now());
  await home.saveSwitches({ pausedUntilMs });
  await sendCommand(home, { kind: 'switches' });
  return pausedUntilMs === null ? null : new Date(pausedUntilMs).toISOString();
}

export async function resume(home: Home): Promise<void> {
  await home.saveSwitches({});
  await sendCommand(home, { kind: 'switches' });
}

/** Forgets what is still on this device; gives how many segments that were. */
export async function forget(home: Home, span: ForgetSpan): Promise<number> {
  const sinceMs = span === '15m' ? 15 : span === '1h' ? 60 : undefined;
  const since = sinceMs === undefined ? 0 : Date.now() - sinceMs * minuteMs;
  const command =
    span === 'session'
      ? ({ kind: 'forget-session' } as const)
      : ({ kind: 'forget', sinceMs: since } as const);
  const reply = await sendCommand(home, command);
  if (reply) return reply.forgotten ?? 0;
  const outbox = await outboxOf(home);
  const latest = outbox.spool.notes().reduce((a, b) => (b.toMs > a.toMs ? b : a), noNote);
  return outbox.forget(since, span === 'session' ? latest.session : undefined);
}

/** Says what the person is doing. Throws `state.conflict` when no agent is recording. */
export async function task(home: Home, edge: 'start' | 'end', text = ''): Promise<void> {
  const command =
    edge === 'start' ? ({ kind: 'task-start', text } as const) : ({ kind: 'task-end' } as const);
  const reply = await sendCommand(home, command);
  if (!reply?.ok) {
    throw new HandrailError(
      'state.conflict',
      'No agent is recording: start "handrail agent" first.',
    );
  }
}

/** Tells a running agent that consent, withdrawal or switches changed in the home folder. */
export async function notify(home: Home): Promise<void> {
  await sendCommand(home, { kind: 'switches' });
}

const noLease = {
  programmeEpoch: 1,
  consentEpoch: 1,
  manifest: '',
  expiresAt: '9999-01-01T00:00:00Z',
};
const noNote = { toMs: 0, session: '' };

function isOver(pausedUntilMs: number | null | undefined): boolean {
  return typeof pausedUntilMs === 'number' && pausedUntilMs <= Date.now();
}

function pauseEnd(span: PauseSpan, nowMs: number): number | null {
  if (span === 'forever') return null;
  if (span !== 'today') return nowMs + (span === '5m' ? 5 : 30) * minuteMs;
  const midnight = new Date(nowMs);
  midnight.setHours(24, 0, 0, 0);
  return midnight.getTime();
}

async function outboxOf(home: Home): Promise<Outbox> {
  const device = await home.device();
  return Outbox.open(home, clientOf(device.url, await deviceSigner(device)));
}
