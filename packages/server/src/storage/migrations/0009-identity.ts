// Logins, which may stop things, and keys that no longer count. Secrets are kept as hashes.
export const identity = [
  `create table login_identity (id text primary key, issuer text not null, subject text not null,
    user_name text not null, holder text, holder_key text, link text,
    active boolean not null default true, unique (issuer, subject))`,
  'create index login_identity_name on login_identity (user_name)',
  'create index login_identity_holder on login_identity (holder)',
  `create table login_session (hash text primary key,
    identity text not null references login_identity (id) on delete cascade,
    link_code text not null unique, started_at integer not null, seen_at integer not null)`,
  'create index login_session_identity on login_session (identity)',
  `create table login_ticket (hash text primary key, purpose text not null, body text not null,
    expires_at integer not null)`,
  `create table passkey (id text primary key,
    identity text not null references login_identity (id) on delete cascade,
    public_key text not null, counter text not null)`,
  'create table stopped_key (key text primary key, why text not null)',
] as const;
