// One set of migrations for every database. A published migration is never edited.

import { HandrailError } from '@handrail/core/errors';
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Tables } from './tables.ts';

const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of firstTables) await sql.raw(statement).execute(db);
  },
};

const firstTables = [
  'create table fact (name text primary key, value text not null)',
  `create table statement (leaf integer primary key, commitment text not null unique,
    digest text not null, kind text not null)`,
  'create index statement_digest on statement (digest)',
  `create table participant (pseudonym text primary key, name text, device text not null,
    device_key text not null unique, reading_key text not null, state text not null,
    consent_epoch integer not null, consent_at text not null, manifest text)`,
  `create table manifest (hash text primary key, id text not null unique,
    number integer not null unique, state text not null, statement text not null)`,
  `create table grant_request (id text primary key, holder text not null, digest text not null,
    statement text not null, revoked boolean not null default false,
    ordinal integer generated always as identity)`,
  `create table approval (grant_id text not null references grant_request (id), key text not null,
    leaf integer not null, statement text not null, primary key (grant_id, key))`,
  `create table day_key (public_key text primary key, pseudonym text not null,
    consent_epoch integer not null, tier text not null, day text not null, statement text not null,
    unique (pseudonym, consent_epoch, tier, day))`,
  `create table segment (id text primary key, pseudonym text not null, session text not null,
    sequence integer not null, closes boolean not null, consent_epoch integer not null,
    day text not null, bytes integer not null, state text not null, reason text, batch text,
    job text, unique (pseudonym, session, sequence))`,
  'create index segment_batch on segment (batch)',
  'create index segment_job on segment (job)',
  `create table session (pseudonym text not null, session text not null,
    next_sequence integer not null, ended boolean not null, primary key (pseudonym, session))`,
  `create table forgotten (pseudonym text not null, session text not null,
    sequence integer not null, primary key (pseudonym, session, sequence))`,
  'create table intake_batch (batch text primary key, leaf integer not null, salt text not null)',
  `create table refusal (day text not null, reason text not null, count integer not null,
    primary key (day, reason))`,
  `create table trajectory (id text primary key, pseudonym text not null,
    consent_epoch integer not null, day text not null, actions integer not null,
    contexts text not null, object_digest text not null, removed boolean not null default false,
    ordinal integer generated always as identity)`,
  'create index trajectory_owner on trajectory (pseudonym)',
  `create table trajectory_segment (trajectory text not null references trajectory (id),
    segment text not null, primary key (trajectory, segment))`,
  `create table release (id text primary key, grant_id text not null, facts text not null,
    ordinal integer generated always as identity)`,
  `create table job (id text primary key, queue_id text not null unique, kind text not null,
    pseudonym text, requester text, state text not null, body text not null, reason text,
    facts text, result text, lease_until integer, attempts integer not null default 0)`,
  'create index job_owner on job (pseudonym, state)',
  'create index job_result on job (result)',
  'create table node (name text primary key, value text not null)',
];

const retention: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of retentionColumns) await sql.raw(statement).execute(db);
  },
};

const retentionColumns = [
  'alter table segment add column stored boolean not null default true',
  'alter table trajectory add column stored boolean not null default true',
  'alter table trajectory drop column object_digest',
  'alter table job add column ended_at integer',
];

const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': first,
  '0002-retention': retention,
};

/** Brings the database up to date. Throws `storage.broken`. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const provider = { getMigrations: async () => ({ ...migrations }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) {
    throw new HandrailError('storage.broken', 'The database could not be brought up to date.', {
      cause: error,
    });
  }
}
