-- Files that people brought, on their way to becoming an import, a document or a picture of an ad.

create table uploads (
  id uuid primary key default new_id(),
  org_id uuid not null references orgs (id) on delete cascade,
  client_id uuid references clients (id) on delete set null,
  filename text not null,
  bytes bigint not null,
  sha256 text not null,
  -- in the file store, under the organisation's own id
  storage_key text not null,
  created_by uuid references users (id),
  created_at timestamptz not null default now()
);
create index uploads_recent on uploads (org_id, created_at desc);
select secure_tenant_table('uploads');
