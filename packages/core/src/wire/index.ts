// What travels between device, persons, server and vault: routes, jobs, problems, signed requests.
export * from './audit-routes.ts';
export * from './bystander-routes.ts';
export {
  type CallInput,
  type ClientContext,
  call,
  fillPath,
  type Transport,
  type WireReply,
  type WireRequest,
} from './client.ts';
export * from './device-routes.ts';
export * from './incident-routes.ts';
export * from './job.ts';
export { ledgerReader, policyOf } from './ledger.ts';
export { loginRoutes, type TicketPurpose } from './login-routes.ts';
export * from './person-routes.ts';
export * from './problem.ts';
export * from './public-routes.ts';
export type { Caller, Payload, PayloadOf, Route } from './route.ts';
export {
  type SignedParts,
  signatureAgeSecondsMax,
  signRequest,
  type VerifiedRequest,
  verifyRequest,
} from './signed-request.ts';
export * from './vault-routes.ts';
