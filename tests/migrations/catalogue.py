"""A database's schema as PostgreSQL's own catalogue describes it, to compare two of them."""

import re
from collections.abc import Iterable
from typing import NamedTuple

import asyncpg

from chassis.database import driver_url

_FACTS = """
    WITH ours AS (
      SELECT c.oid, c.relname, c.relkind, c.relpersistence, c.reloptions, c.relispartition
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
    )
    SELECT 'relation' AS kind, relname AS "table", concat_ws(' ', relkind::text,
        relpersistence::text, reloptions::text, pg_get_partkeydef(oid)) AS fact
      FROM ours WHERE relkind IN ('r', 'p', 'v', 'm')
    UNION ALL SELECT 'partition', i.inhparent::regclass::text, relname
      FROM ours JOIN pg_inherits i ON i.inhrelid = oid WHERE relkind = 'r'
    UNION ALL SELECT 'columns', relname, (SELECT string_agg(attname, ' ' ORDER BY attnum)
        FROM pg_attribute WHERE attrelid = oid AND attnum > 0 AND NOT attisdropped)
      FROM ours WHERE relkind IN ('r', 'p')
    UNION ALL SELECT 'column', relname, concat_ws(' ', a.attname,
        format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
        'identity ' || nullif(a.attidentity::text, ''),
        'generated ' || nullif(a.attgenerated::text, ''),
        'default ' || pg_get_expr(d.adbin, d.adrelid))
      FROM ours JOIN pg_attribute a ON a.attrelid = oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE relkind IN ('r', 'p')
    UNION ALL SELECT 'constraint', relname, k.conname || ' ' || pg_get_constraintdef(k.oid)
      FROM ours JOIN pg_constraint k ON k.conrelid = ours.oid
    UNION ALL SELECT 'index', x.indrelid::regclass::text,
        concat_ws(' ', pg_get_indexdef(oid), reloptions::text)
      FROM ours JOIN pg_index x ON x.indexrelid = oid
    UNION ALL SELECT 'trigger', relname, pg_get_triggerdef(t.oid)
      FROM ours JOIN pg_trigger t ON t.tgrelid = ours.oid AND NOT t.tgisinternal
    UNION ALL SELECT 'function', '', pg_get_functiondef(oid)
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'sequence', '', concat_ws(' ', relname, format_type(seqtypid, NULL),
        seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle)
      FROM ours JOIN pg_sequence ON seqrelid = oid
"""
_MONTH = re.compile(r"(event_log|public_event)_\d{4}_\d{2}")


class Fact(NamedTuple):
    """One line of a schema: what kind of thing, of which table, and its definition."""

    kind: str
    table: str
    text: str


async def catalogue(url: str) -> set[Fact]:
    """Return everything a migration can make in a database, but for its data.

    Months of logs are one: which of them there are depends on the day the database was made.
    """
    connection = await asyncpg.connect(driver_url(url))
    try:
        rows = await connection.fetch(_FACTS)
    finally:
        await connection.close()
    return {Fact(*(_MONTH.sub(r"\1_month", part) for part in row)) for row in rows}


def differences(wanted: Iterable[Fact], found: Iterable[Fact]) -> str:
    """Return what only one of two has, a line each: `-` is missing, `+` too much; "" if equal."""
    wanted, found = set(wanted), set(found)
    lines = [(fact, "-") for fact in wanted - found] + [(fact, "+") for fact in found - wanted]
    return "\n".join(f"{sign} {' '.join(fact)}" for fact, sign in sorted(lines))
