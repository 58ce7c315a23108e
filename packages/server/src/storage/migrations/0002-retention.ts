// What was deleted stays listed; a trajectory's object is found by its name alone.
export const retention = [
  'alter table segment add column stored boolean not null default true',
  'alter table trajectory add column stored boolean not null default true',
  'alter table trajectory drop column object_digest',
  'alter table job add column ended_at integer',
] as const;
