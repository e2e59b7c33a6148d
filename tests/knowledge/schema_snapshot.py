"""The schema as one text, read from the catalogues: what a database holds, whatever way it came about.

``python -m tests.knowledge.schema_snapshot`` migrates an empty database of its own and writes ``schema.txt``
beside this file; do that after every change of a migration, and read the difference before committing it.
"""

import tempfile
from pathlib import Path

import psycopg

SNAPSHOT = Path(__file__).parent / "schema.txt"
SCHEMAS = "('public', 'chat')"
HEADING = "-- Made by: python -m tests.knowledge.schema_snapshot\n"

TABLES = f"""
select c.oid::regclass::text, case c.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view'
    when 'm' then 'materialized view' when 'S' then 'sequence' end
  || case when c.relrowsecurity then ', row security' else '' end
  || case when c.relforcerowsecurity then ' forced' else '' end
from pg_class c where c.relnamespace::regnamespace::text in {SCHEMAS} and c.relkind in ('r', 'p', 'v', 'm', 'S')
order by c.oid::regclass::text collate "C"
"""
#: per table: columns, constraints, indexes, policies, triggers, grants; each line sorts within its kind
PARTS = (
    """
select 'column ' || quote_ident(attname) || ' ' || format_type(atttypid, atttypmod)
  || case when attnotnull then ' not null' else '' end
  || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = %(table)s::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum
""",
    """
select 'constraint ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) from pg_constraint
where conrelid = %(table)s::regclass and contype <> 'n' order by conname collate "C"
""",
    """
select 'index ' || pg_get_indexdef(indexrelid) from pg_index where indrelid = %(table)s::regclass
order by indexrelid::regclass::text collate "C"
""",
    """
select 'policy ' || quote_ident(polname) || case when polpermissive then '' else ' restrictive' end
  || ' for ' || case polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
     else 'delete' end
  || coalesce(' using (' || pg_get_expr(polqual, polrelid) || ')', '')
  || coalesce(' with check (' || pg_get_expr(polwithcheck, polrelid) || ')', '')
from pg_policy where polrelid = %(table)s::regclass order by polname collate "C"
""",
    """
select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger
where tgrelid = %(table)s::regclass and not tgisinternal order by tgname collate "C"
""",
    """
select 'grant ' || string_agg(lower(privilege), ', ' order by privilege collate "C") || ' to ' || grantee from (
  select x.privilege_type as privilege, pg_get_userbyid(x.grantee) as grantee
  from pg_class c, aclexplode(c.relacl) x where c.oid = %(table)s::regclass and x.grantee <> c.relowner
  union all
  select x.privilege_type || ' (' || string_agg(a.attname, ', ' order by a.attname collate "C") || ')',
    pg_get_userbyid(x.grantee)
  from pg_attribute a, aclexplode(a.attacl) x where a.attrelid = %(table)s::regclass
  group by x.privilege_type, x.grantee
) granted group by grantee order by grantee collate "C"
""",
)
FUNCTIONS = f"""
select pg_get_functiondef(oid) || coalesce((
  select string_agg(e'\\n-- execute: ' || case x.grantee when 0 then 'everybody' else pg_get_userbyid(x.grantee) end, ''
                    order by x.grantee) from aclexplode(proacl) x where x.grantee <> proowner), '')
from pg_proc where pronamespace::regnamespace::text in {SCHEMAS}
  and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
order by oid::regprocedure::text collate "C"
"""


def read_schema(owner_url: str) -> str:
    """Everything of our schemas in a stable order; Alembic's own table is left out."""
    lines: list[str] = []
    with psycopg.connect(owner_url) as conn:
        conn.execute("set search_path = ''")
        for (function,) in conn.execute(FUNCTIONS).fetchall():
            lines += [function.rstrip(), ""]
        for table, kind in conn.execute(TABLES).fetchall():
            if table.endswith("alembic_version"):
                continue
            lines.append(f"{table}: {kind}")
            for part in PARTS:
                lines += [f"  {line}" for (line,) in conn.execute(part, {"table": table}).fetchall()]
            lines.append("")
    return HEADING + "\n" + "\n".join(lines)


def main() -> None:
    from knowledge.embedded import start_embedded
    from knowledge.migrate import migrate

    with tempfile.TemporaryDirectory(prefix="adroom-schema-") as folder:
        Path(folder).chmod(0o755)
        server = start_embedded(Path(folder))
        try:
            migrate(server.owner_url)
            SNAPSHOT.write_text(read_schema(server.owner_url))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
