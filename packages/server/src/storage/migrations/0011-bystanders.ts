// Requests of bystanders, and trajectories that took the place of others for one.
export const bystanders = [
  `create table bystander_request (digest text primary key, day text not null,
    state text not null, leaf integer, statement text, answer text,
    ordinal integer generated always as identity)`,
  'alter table trajectory add column next text',
  'alter table trajectory add column remade boolean not null default false',
] as const;
