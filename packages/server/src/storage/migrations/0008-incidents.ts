// Incidents by their statements, and what probes found.
export const incidents = [
  `create table incident (id text primary key, leaf integer not null, severity integer not null,
    opened_at text not null, opened text not null, closed_at text, closed text)`,
  `create table probe_round (leaf integer primary key, started_at text not null,
    ended_at text not null, tried integer not null, findings integer not null,
    untried integer not null, report text not null)`,
  `create table probe_path (path text not null, identity text not null, denied_at text,
    open_at text, primary key (path, identity))`,
] as const;
