// What people have taken back is known by epoch, also when they come again; what destruction proves;
// legal holds; whose a statement is, where it is one participant's.
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
