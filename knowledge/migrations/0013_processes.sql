-- Several processes on one database: who is there, and who has which run or turn in hand.

-- A process of ours (not tenant data). It lives as long as ended_at is null: whoever sees that its lock is free or its
-- heartbeat old ends it, and what it had in hand goes on elsewhere.
create table workers (
  executor_id text primary key,
  host text not null,
  pid integer not null,
  role text not null check (role in ('web', 'worker', 'all')),
  version text not null,
  started_at timestamptz not null default now(),
  beat_at timestamptz not null default now(),
  ended_at timestamptz,
  ended_how text check (ended_how in ('left', 'died', 'silent')),
  check ((ended_at is null) = (ended_how is null))
);
create index workers_living on workers (executor_id) where ended_at is null;
grant select, insert, update, delete on workers to adroom_app;

-- The process that has the run in hand writes its log, and nobody else does; null when nobody has.
alter table runs add column holder text;
-- The process that answers the message.
alter table turns add column holder text;
