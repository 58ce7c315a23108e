// What was decided about the programme, and the charter that each participant agreed to.
export const programme = [
  `create table programme_decision (leaf integer primary key, at text not null,
    statement text not null)`,
  'create table pending_decision (digest text primary key, statement text not null)',
  'alter table participant add column fingerprint text',
] as const;
