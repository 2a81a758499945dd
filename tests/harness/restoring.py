"""Puts a PostgreSQL database back as it was: only the tables that have changed, from copies kept beside them.

A new copy of a template costs a checkpoint and twenty megabytes of writing; this, some hundredths of a second.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

State = dict[str, tuple[int, int | None]]  # table to its number of rows and its youngest row's transaction

SHAPE = """
    SELECT md5(string_agg(concat_ws(' ', relname, attname, format_type(atttypid, atttypmod)), ','
                          ORDER BY relname, attnum))
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
"""
SEQUENCES = "SELECT sequencename AS name, last_value AS value FROM pg_sequences WHERE schemaname = 'public'"
# Made of the constant above alone.
REWIND = f"""
    SELECT setval(format('public.%I', name)::regclass, coalesce(past.value, 1), past.value IS NOT NULL)
    FROM ({SEQUENCES}) AS now JOIN {{}}._sequences AS past USING (name)
    WHERE now.value IS DISTINCT FROM past.value
"""  # noqa: S608
# What each database looked like when it was last put back, by its address.
_known: dict[tuple[str, str], State] = {}


def keep(address: str, as_name: str) -> None:
    """Copy all that the database holds into a schema of its own, to be put back from there."""
    with psycopg.connect(address) as database:
        execute(database, "DROP SCHEMA IF EXISTS {} CASCADE", as_name)
        execute(database, "CREATE SCHEMA {}", as_name)
        for table in tables(database):
            execute(database, "CREATE TABLE {}.{} AS TABLE {}.{}", as_name, table, "public", table)
        execute(database, f"CREATE TABLE {{}}._shape AS {SHAPE}", as_name)
        execute(database, f"CREATE TABLE {{}}._sequences AS {SEQUENCES}", as_name)


def has(database: psycopg.Connection, name: str) -> bool:
    """Whether something was kept under that name, and the tables are those of then."""
    if not database.execute("SELECT FROM pg_namespace WHERE nspname = %s", [name]).rowcount:
        return False
    return execute(database, "SELECT * FROM {}._shape", name).fetchone() == database.execute(SHAPE).fetchone()


def put_back(address: str, kept: str) -> bool:
    """Make the database hold what was kept. False when that cannot be done: then it is left as it is."""
    with psycopg.connect(address) as database:
        if not has(database, kept):
            return False
        _send_others_away(database)
        database.execute("SET CONSTRAINTS ALL DEFERRED")
        now, known = state(database, tables(database)), _known.get((address, kept), {})
        changed = [table for table in now if now[table] != known.get(table)]
        for table in changed:
            execute(database, "DELETE FROM {}.{}", "public", table)
            execute(database, "INSERT INTO {}.{} SELECT * FROM {}.{}", "public", table, kept, table)
        execute(database, REWIND, kept)  # numbers begin where they began
        _forget(address)
        _known[address, kept] = now | state(database, changed)
    return True


def state(database: psycopg.Connection, names: list[str]) -> State:
    asked = sql.SQL("SELECT {}, count(*), max(xmin::text::bigint) FROM {}.{}")
    public = sql.Identifier("public")
    each = [asked.format(sql.Literal(name), public, sql.Identifier(name)) for name in names]
    found = database.execute(sql.SQL(" UNION ALL ").join(each)).fetchall() if each else []
    return {name: (rows, youngest) for name, rows, youngest in found}


def tables(database: psycopg.Connection) -> list[str]:
    found = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [row[0] for row in found]


def _send_others_away(database: psycopg.Connection) -> None:
    """A process that a test has left behind may hold locks."""
    database.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def _forget(address: str) -> None:
    for known in [known for known in _known if known[0] == address]:
        del _known[known]


def execute(database: psycopg.Connection, statement: str, *names: str) -> psycopg.Cursor:
    return database.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
