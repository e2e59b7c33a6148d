-- The chat's own view of conversations (Chainlit's data layer). Our tables are the truth; these hold what a thread
-- looks like. In a schema of their own; threads belong to users, who are found by our user id.

create schema chat;
grant usage on schema chat to adroom_app;

create table chat."User" (
  id text primary key,
  identifier text not null unique,
  metadata text not null default '{}',
  "createdAt" timestamp not null default now(),
  "updatedAt" timestamp not null default now()
);

create table chat."Thread" (
  id text primary key,
  name text,
  "userId" text references chat."User" (id) on delete cascade,
  tags text[] not null default '{}',
  metadata text not null default '{}',
  "createdAt" timestamp not null default now(),
  "updatedAt" timestamp not null default now(),
  "deletedAt" timestamp
);
create index on chat."Thread" ("userId", "updatedAt" desc);

create table chat."Step" (
  id text primary key,
  "threadId" text references chat."Thread" (id) on delete cascade,
  "parentId" text,
  name text,
  type text not null,
  input text,
  output text,
  metadata text not null default '{}',
  "showInput" text,
  "isError" boolean default false,
  "createdAt" timestamp not null default now(),
  "startTime" timestamp not null default now(),
  "endTime" timestamp not null default now()
);
create index on chat."Step" ("threadId", "startTime");

create table chat."Element" (
  id text primary key,
  "threadId" text references chat."Thread" (id) on delete cascade,
  "stepId" text references chat."Step" (id) on delete cascade,
  name text not null,
  metadata text not null default '{}',
  mime text,
  "objectKey" text,
  url text,
  "chainlitKey" text,
  display text,
  size text,
  language text,
  page integer,
  props text,
  "autoPlay" boolean,
  "playerConfig" text,
  "createdAt" timestamp not null default now()
);
create index on chat."Element" ("threadId");
create index on chat."Element" ("stepId");

create table chat."Feedback" (
  id text primary key default gen_random_uuid()::text,
  "stepId" text references chat."Step" (id) on delete cascade,
  name text,
  value double precision not null,
  comment text
);

grant select, insert, update, delete on all tables in schema chat to adroom_app;
