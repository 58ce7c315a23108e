// What people, devices and the vault sign, and what follows from it.
export * from './amendment.ts';
export * from './charter.ts';
export * from './context.ts';
export * from './day-key.ts';
export * from './envelope.ts';
export * from './grant.ts';
export { grantPrompt, withPrompt } from './grant-prompt.ts';
export * from './incident.ts';
export { type LoginLink, loginLinkSchema } from './login-link.ts';
export * from './manifest.ts';
export * from './manifest-approvals.ts';
export * from './participant.ts';
export * from './programme.ts';
export * from './reading-session.ts';
export * from './release-list.ts';
export * from './standing.ts';
export { type Statement, type StatementOf, statementSchema } from './statement.ts';
export * from './width.ts';
