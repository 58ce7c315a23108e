// What is asked: by whom, what to do, with what. Facts are established by whoever asks; the vault
// takes its own from the ledger.
import type { ProgrammePhase, Role, Tier } from '@handrail/core/statement';

export type Asker =
  | { readonly kind: 'person'; readonly id: string; readonly role: Role }
  | {
      readonly kind: 'participant';
      readonly pseudonym: string;
      /** Joined, not withdrawn, and renewed in time. */
      readonly consents: boolean;
    }
  /** Has no right to anything. */
  | { readonly kind: 'stranger'; readonly id: string };

export const phases = ['draft', 'active', 'halted', 'closed'] as const;
/** Where the programme stands. */
export type Phase = (typeof phases)[number];

/** A halt counts whatever it came upon. */
export function phaseOf(phase: ProgrammePhase, halted: boolean): Phase {
  return halted ? 'halted' : phase;
}

export interface GrantFacts {
  readonly id: string;
  /** A person's id. */
  readonly holder: string;
  readonly state: 'requested' | 'approved' | 'expired' | 'revoked';
  readonly tier: Tier;
  /** Whether its purpose is one of the charter's. */
  readonly purposeStands: boolean;
  /** Digest of the recipe that its approved bytes name; empty where they name none. */
  readonly recipe: string;
}

export interface ReleaseState {
  readonly id: string;
  readonly state: 'building' | 'published' | 'failed' | 'superseded';
}

/** Something that belongs to one person or participant. */
export interface Owned {
  readonly id: string;
  /** A pseudonym, or for a job also a person's id. */
  readonly owner: string;
}

/** What a grantee wants to read, and whose it is. */
export interface ReadByGrant {
  readonly id: string;
  readonly owner: Extract<Asker, { kind: 'participant' }>;
  /** Whether the grant's approved bytes name it. */
  readonly inScope: boolean;
}

export const programmeActions = [
  'manifest.list',
  'manifest.propose',
  'manifest.approve',
  'programme.halt',
  'programme.resume',
  'programme.hold',
  'device.revoke',
  'grant.list',
  'release.list',
  'objection.answer',
  'bystander.decide',
  'incident.open',
  'incident.view',
  'incident.close',
  'incident.investigate',
  'probe.report',
  'probe.view',
  'ledger.audit',
] as const;
export const grantActions = [
  'grant.request',
  'grant.view',
  'grant.approve',
  'grant.revoke',
] as const;
export const releaseActions = ['release.build', 'release.export', 'release.rebuild'] as const;
export const jobActions = ['job.view', 'result.read'] as const;
export const quarantineActions = ['quarantine.view', 'quarantine.open'] as const;
export const trajectoryActions = ['trajectory.view', 'trajectory.open'] as const;

interface Asked {
  readonly by: Asker;
  readonly phase: Phase;
}

export type Question =
  | (Asked & {
      readonly action: (typeof programmeActions)[number];
      readonly programme: string;
    })
  | (Asked & { readonly action: (typeof grantActions)[number]; readonly grant: GrantFacts })
  | (Asked & {
      readonly action: (typeof releaseActions)[number];
      readonly grant: GrantFacts;
      /** Digest of the recipe that the release is, or will be, built of. */
      readonly recipe: string;
    })
  | (Asked & { readonly action: 'release.view'; readonly release: ReleaseState })
  | (Asked & { readonly action: (typeof jobActions)[number]; readonly job: Owned })
  | (Asked & { readonly action: (typeof trajectoryActions)[number]; readonly trajectory: Owned })
  | (Asked & {
      readonly action: 'trajectory.read';
      readonly grant: GrantFacts;
      readonly trajectory: ReadByGrant;
    })
  | (Asked & {
      readonly action: 'recording.read';
      readonly grant: GrantFacts;
      readonly recording: ReadByGrant;
    })
  | (Asked & { readonly action: (typeof quarantineActions)[number]; readonly recording: Owned })
  | {
      readonly action: 'recording.refine';
      /** The programme itself asks, by the charter's standing job. */
      readonly programme: string;
      readonly phase: Phase;
      readonly owner: Extract<Asker, { kind: 'participant' }>;
    };
