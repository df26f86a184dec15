"""The roles of the processes: each reads and writes only what its work needs, and none can log in."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from ops import migrate
from shared.database import Database
from tests.running import Stack

FORBIDDEN = (
    ("shensu_analytics", "SELECT 1 FROM complaint"),
    ("shensu_analytics", "SELECT 1 FROM complaint_party"),
    ("shensu_analytics", "SELECT 1 FROM case_event"),
    ("shensu_analytics", "SELECT 1 FROM request_key"),
    ("shensu_analytics", "SELECT 1 FROM data_key"),
    ("shensu_analytics", "INSERT INTO dirty_day (day) VALUES ('2020-01-01')"),
    ("shensu_analytics", "UPDATE daily_fact SET received = 0"),
    ("shensu_worker", "SELECT sealed FROM complaint_party"),
    ("shensu_worker", "SELECT sealed FROM case_event"),
    ("shensu_worker", "SELECT * FROM case_event"),
    ("shensu_worker", "SELECT 1 FROM reply"),
    ("shensu_worker", "SELECT 1 FROM evidence"),
    ("shensu_worker", "UPDATE complaint_party SET sealed = ''"),
    ("shensu_worker", "SELECT * FROM complaint_party"),
    ("shensu_worker", "SELECT 1 FROM api_key"),
    ("shensu_worker", "SELECT 1 FROM request_key"),
    ("shensu_worker", "INSERT INTO complaint (bucket) VALUES (0)"),
    ("shensu_worker", "DELETE FROM complaint"),
    ("shensu_worker", "UPDATE case_event SET kind = ''"),
    ("shensu_worker", "DELETE FROM case_event"),
    ("shensu_intake", "DELETE FROM complaint"),
    ("shensu_intake", "UPDATE remedy_entry SET amount_fen = 0"),
    ("shensu_intake", "DELETE FROM remedy_entry"),
    ("shensu_intake", "UPDATE visit SET reached = true"),
    ("shensu_intake", "UPDATE finding_review SET by = ''"),
    ("shensu_intake", "UPDATE feed_entry SET type = ''"),
    ("shensu_intake", "DELETE FROM feed_entry"),
    ("shensu_intake", "INSERT INTO officer (bureau_code, id, name, role) VALUES ('', '', '', 'OFFICER')"),
    ("shensu_intake", "UPDATE endpoint SET url = ''"),
    ("shensu_intake", "DELETE FROM audit_entry"),
    ("shensu_intake", "UPDATE case_event SET kind = ''"),
    ("shensu_intake", "DELETE FROM case_event"),
    ("shensu_intake", "UPDATE request_key SET receipt = ''"),
    ("shensu_intake", "DELETE FROM task"),
    ("shensu_intake", "UPDATE client SET scopes = '{}'"),
    ("shensu_intake", "INSERT INTO data_key (id) VALUES (9)"),
    ("shensu_intake", "SELECT 1 FROM audit_entry"),
    ("shensu_intake", "CREATE TABLE mine (x int)"),
    ("shensu_worker", "CREATE TABLE mine (x int)"),
    ("shensu_analytics", "CREATE TABLE mine (x int)"),
)
ALLOWED = (
    ("shensu_worker", "SELECT waybill_index FROM complaint_party LIMIT 1"),
    ("shensu_analytics", "SELECT 1 FROM daily_fact LIMIT 1"),
    ("shensu_intake", "SELECT sealed FROM complaint_party LIMIT 1"),
)


def _as_role(stack: Stack, role: str, statement: str) -> str:
    async def _go() -> str:
        db = Database.connect(migrate.asyncpg_url(stack.addresses.database_url), role=role, pool_size=1)
        try:
            async with db.transaction() as connection:
                await connection.execute(text(statement))
                return str(await connection.scalar(text("SELECT current_user")))
        finally:
            await db.close()

    return asyncio.run(_go())


@pytest.mark.parametrize(("role", "statement"), FORBIDDEN)
def test_a_process_may_not(role: str, statement: str, stack: Stack) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        _as_role(stack, role, statement)


@pytest.mark.parametrize(("role", "statement"), ALLOWED)
def test_a_process_may(role: str, statement: str, stack: Stack) -> None:
    assert _as_role(stack, role, statement) == role


def test_no_role_of_a_process_can_log_in(stack: Stack) -> None:
    roles = stack.query("SELECT rolname, rolcanlogin, rolsuper FROM pg_roles WHERE rolname LIKE 'shensu\\_%'")
    assert {tuple(role) for role in roles} == {
        (name, False, False) for name in ("shensu_intake", "shensu_worker", "shensu_analytics")
    }
