// What a device does to take part, whatever it runs on: which manifest holds, the lease, the keys.

export { consentTo, shownBy, type Taking } from './consent.ts';
export { DayKeys, type KeyOwner, utcDay } from './day-keys.ts';
export { type InForce, inForce } from './in-force.ts';
export {
  LeaseHolder,
  type LeaseState,
  type LeaseWish,
  leaseMinutesMax,
  refreshSeconds,
} from './lease.ts';
export {
  type Invite,
  type Programme,
  parseInvite,
  readProgramme,
  requireApproved,
  resumedEpoch,
  shortestFreshness,
  widerThanAgreed,
} from './programme.ts';
export { capturedLines, programmeLines } from './shown.ts';
export {
  type Hole,
  type Holes,
  retrySeconds,
  type SpoolNote,
  tellHole,
  uploadDue,
  type Waiting,
} from './upload.ts';
