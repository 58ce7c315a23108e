// What people have taken back, by epoch; legal holds; what the vault signed of a destruction; whose
// a statement is.
export const erasure = [
  'alter table participant add column left_epoch integer not null default 0',
  'alter table statement add column pseudonym text',
  'create index statement_owner on statement (pseudonym)',
  `create table hold (id text primary key, state text not null, participant text, from_day text,
    to_day text, statement text not null, release text,
    ordinal integer generated always as identity)`,
  `create table certificate (pseudonym text not null, consent_epoch integer not null,
    statement text not null, primary key (pseudonym, consent_epoch))`,
] as const;
