"""Empties the database before a test: small tables by DELETE, which is cheap, and all by TRUNCATE when one has grown."""

from sqlalchemy import text

from shared.database import Database

_KEPT = (
    "region",
    "region_succession",
    "region_alias",
    "bureau",
    "carrier",
    "waybill_pattern",
    "issue",
    "code_entry",
    "deadline_rule",
    "hotline_deadline",
    "policy",
    "workday",
    "reference_state",
    "data_key",
    "alembic_version",
)
_SMALL = 256 * 1024
"""Bytes; no table of an emptied database takes more, dead rows included."""

# the lock waits for whatever a test before left open, as TRUNCATE does; `replica` leaves out the checks of foreign keys
_EMPTY = text(f"""
    DO $$
    DECLARE
        tables regclass[] := (
            SELECT array_agg(format('public.%I', tablename)::regclass) FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> ALL ('{{{",".join(_KEPT)}}}'::text[])
        );
        names text := array_to_string(tables, ', ');
        each regclass;
    BEGIN
        SET LOCAL session_replication_role = replica;
        EXECUTE 'LOCK TABLE ' || names || ' IN ACCESS EXCLUSIVE MODE';
        IF EXISTS (SELECT FROM unnest(tables) AS large WHERE pg_relation_size(large) > {_SMALL}) THEN
            EXECUTE 'TRUNCATE ' || names;
        ELSE
            FOR each IN SELECT filled FROM unnest(tables) AS filled WHERE pg_relation_size(filled) > 0 LOOP
                EXECUTE 'DELETE FROM ' || each;
            END LOOP;
        END IF;
    END
    $$
""")


async def empty(db: Database) -> None:
    """Remove everything but schema, reference data and the data key."""
    async with db.transaction() as connection:
        await connection.execute(_EMPTY)
