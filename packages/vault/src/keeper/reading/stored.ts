// What a reading session names, as the server stores it: a trajectory that this vault made, or a
// segment as its device sealed it. Each is checked by its own rules and has its own keys.
import { parseTrajectory } from '@handrail/core/dataset';
import { parseSealed } from '@handrail/core/segment';
import type { ReadingSubject } from '@handrail/core/statement';
import { wasAccepted } from '../acceptance.ts';
import { checkConsent } from '../checks/consent.ts';
import type { Stored } from '../checks/reading.ts';
import { checkPassed, checkQuarantined } from '../checks/refine.ts';
import { checkTrajectory } from '../checks/trajectory.ts';
import { refuse } from '../checks/verdict.ts';
import { type KeeperContext, Refusal } from '../keeper-context.ts';
import { unwrapTrajectory } from '../keys/unwrap.ts';
import { hasPassed, quarantinedOf } from '../refined-sessions.ts';
import { unwrapOne } from '../runs/refine-inputs.ts';
import { allowedManifests } from '../state/manifest.ts';

/** With what is needed to show it. */
export interface Showable extends Stored {
  readonly what: 'trajectory' | 'segment';
  readonly id: string;
  readonly bytes: Uint8Array;
  /** Of this one alone; for runs that have announced their intent. Throws `Refusal`. */
  contentKey(): Promise<Uint8Array>;
}

/** Throws `not.found`, `format.unknown`, ... */
export function stored(context: KeeperContext, subject: ReadingSubject): Promise<Showable> {
  return 'segment' in subject
    ? storedSegment(context, subject.segment)
    : storedTrajectory(context, subject.trajectory);
}

async function storedTrajectory(context: KeeperContext, id: string): Promise<Showable> {
  const bytes = await context.server.getObject(`trajectories/${id}`);
  const sealed = parseTrajectory(bytes);
  const { pseudonym, consentEpoch } = sealed.header;
  return {
    ...({ what: 'trajectory', id, bytes, pseudonym, consentEpoch } as const),
    check: (state, question) => checkTrajectory(state, sealed, { ...question, id }),
    contentKey: () => unwrapTrajectory(context, sealed),
  };
}

/**
 * Its owner sees it while it is in quarantine; who holds a grant, once it went on from here, and
 * until a bystander was taken out of what was made of it.
 */
async function storedSegment(context: KeeperContext, id: string): Promise<Showable> {
  const { removals, sessions, server } = context;
  const bytes = await server.getObject(`segments/${id}`);
  const sealed = parseSealed(bytes);
  const { pseudonym, consentEpoch, session } = sealed.header;
  const isQuarantined = (sequence: number) => sessions.has(quarantinedOf(session), sequence);
  const passed = (sequence: number) => hasPassed(sessions, session, sequence);
  const before = (leaf: number) => wasAccepted(context, id, leaf);
  return {
    ...({ what: 'segment', id, bytes, pseudonym, consentEpoch } as const),
    check: async (state, question) => {
      const consenting = checkConsent(state, { ...question, pseudonym, consentEpoch });
      if (consenting.kind === 'refused') return consenting;
      const { consent } = consenting;
      const manifests = allowedManifests(state, pseudonym, consentEpoch);
      const isOwners = question.use === 'self-view';
      if (!isOwners && removals.hasSegment(id)) return refuse('removed-for-a-bystander');
      const own = { id, session, consent, manifests };
      const verdict = isOwners
        ? await checkQuarantined(state, sealed, { ...own, isQuarantined })
        : await checkPassed(state, sealed, { ...own, hasPassed: passed, wasAccepted: before });
      return verdict.kind === 'refused' ? verdict : consenting;
    },
    contentKey: async () => {
      const key = await unwrapOne(context, { pseudonym, consentEpoch }, sealed);
      if (typeof key === 'string') throw new Refusal(key);
      return key;
    },
  };
}
