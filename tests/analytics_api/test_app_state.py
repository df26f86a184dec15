"""What the process works with: a read-only database under its own role, the keys of its mode, the rate of each client."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from analytics_api import app_state
from analytics_api.app import create_app
from services.access import clients
from shared import database
from shared.database import Database
from shared.privacy.keyring import KeyFile, KeyFileError
from shared.settings import Settings
from tests.asgi import serving

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Get = Callable[..., httpx.Response]
CIRCULAR = "/v1/circulars/2021-03"


def test_the_scope_is_needed(get: Get, db: Database, run: Run, key_file: KeyFile) -> None:
    other = run(
        clients.create(
            db,
            name="centre",
            kind="call_centre",
            scopes=["complaint:write"],
            key_file=key_file,
            actor="tests",
        )
    )
    answer = get(CIRCULAR, authorization=f"Bearer {other.key}")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert "analytics:read" in answer.json()["detail"]


def test_requests_are_counted_against_the_client(get: Get, db: Database, run: Run, key_file: KeyFile) -> None:
    small = run(
        clients.create(
            db,
            name="small",
            kind="dashboard",
            scopes=["analytics:read"],
            key_file=key_file,
            actor="tests",
            per_minute=2,
        )
    )
    answers = [get(CIRCULAR, authorization=f"Bearer {small.key}") for _ in range(4)]
    # at the turn of a minute one more may pass
    assert [answer.status_code for answer in answers] in ([200, 200, 429, 429], [200, 200, 200, 429])
    assert int(answers[3].headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM complaint_party",
        "SELECT * FROM complaint",
        "DELETE FROM monthly_fact",
        "SELECT * FROM data_key",
    ],
)
def test_the_role_reads_facts_only(database_url: str, run: Run, statement: str) -> None:
    async def attempt() -> str | None:
        db = Database.connect(database_url, role=app_state.ROLE, pool_size=1)
        try:
            async with db.transaction() as connection:
                await connection.execute(text(statement))
        except DBAPIError as error:
            return database.sqlstate(error)
        finally:
            await db.close()
        return None

    assert run(attempt()) == "42501"


def _settings(database_url: str, key_path: Path, mode: str = "development") -> Settings:
    values = {"DATABASE_URL": database_url, "SHENSU_KEY_FILE": key_path, "SHENSU_MODE": mode}
    return Settings.model_validate(values)


def test_nothing_is_written_even_where_the_role_might(database_url: str, key_path: Path, run: Run) -> None:
    async def _write() -> str | None:
        async with app_state.opened(_settings(database_url, key_path)) as state:
            try:
                async with state.db.transaction() as connection:
                    await connection.execute(text("SET LOCAL ROLE NONE"))
                    await connection.execute(text("INSERT INTO dirty_day (day) VALUES ('2026-03-01')"))
            except DBAPIError as error:
                return database.sqlstate(error)
        return None

    assert run(_write()) == "25006"


def test_production_takes_no_key_that_was_made_for_tests(
    database_url: str, key_path: Path, key: str, run: Run
) -> None:
    with serving(create_app(_settings(database_url, key_path, "production")), run) as ask:
        assert ask("/v1/definitions", authorization=f"Bearer {key}").status_code == 401


def test_a_process_without_its_keys_does_not_start(database_url: str, tmp_path: Path, run: Run) -> None:
    app = create_app(_settings(database_url, tmp_path / "none.json"))
    with pytest.raises(KeyFileError), serving(app, run):
        pass
