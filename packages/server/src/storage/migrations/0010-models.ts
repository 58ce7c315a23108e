// Models that were trained on a release, and what was decided about them.
export const models = [
  `create table model (digest text primary key, release text not null, statement text not null,
    decision text, ordinal integer generated always as identity)`,
  'create index model_release on model (release)',
] as const;
