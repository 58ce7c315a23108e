// Objections to a purpose, with what was answered.
export const objections = [
  `create table objection (digest text primary key, pseudonym text not null, purpose text not null,
    at text not null, answer text, reason text, answered_at text,
    ordinal integer generated always as identity)`,
  'create index objection_owner on objection (pseudonym)',
] as const;
