"""What a process holds open: under its own role, by the keys of its mode, and closed when it ends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from intake_api.http import app_state
from services.access import clients
from services.access.clients import NewKey
from shared import database
from shared.database import Database
from shared.privacy.keyring import KeyFile, KeyFileError
from tests.asgi import Ask, Run
from tests.intake_api.http.conftest import Serve
from tests.problems import assert_problem


@pytest.fixture
def key(db: Database, run: Run, key_file: KeyFile) -> NewKey:
    """Return a client that may file complaints."""
    new: NewKey = run(
        clients.create(
            db,
            name="portal",
            kind="portal",
            scopes=["complaint:write", "complaint:read"],
            key_file=key_file,
            actor="tests",
        )
    )
    return new


def _file(ask: Ask, key: NewKey, filing: dict[str, Any]) -> Any:
    headers = {
        "authorization": f"Bearer {key.key}",
        "idempotency_key": "once",
        "content_type": "application/json",
    }
    return ask("/v1/complaints", method="POST", content=orjson.dumps(filing), **headers)


def test_a_complaint_is_stored_and_its_answer_is_kept_over_a_restart(
    serve: Serve, key: NewKey, filing: Callable[..., dict[str, Any]]
) -> None:
    with serve() as ask:
        first = _file(ask, key, filing())
    with serve() as ask:
        again = _file(ask, key, filing())
    assert (first.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"


def test_production_takes_no_key_that_was_made_for_tests(serve: Serve, key: NewKey, key_path: Path) -> None:
    headers = {"authorization": f"Bearer {key.key}"}
    with serve() as ask:
        assert ask("/v1/complaints", **headers).status_code == 200
    with serve(SHENSU_MODE="production", SHENSU_KEY_FILE=key_path) as ask:
        assert_problem(ask("/v1/complaints", **headers), 401, "unauthenticated")


def test_a_process_without_its_keys_does_not_start(serve: Serve, tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="cannot be read"), serve(SHENSU_KEY_FILE=tmp_path / "none.json"):
        pass


@pytest.mark.parametrize(
    "statement", ["DELETE FROM complaint", "UPDATE case_event SET kind = 'X'", "DROP TABLE issue"]
)
def test_the_role_deletes_no_case_and_changes_no_history(database_url: str, run: Run, statement: str) -> None:
    async def _try() -> str | None:
        db = Database.connect(database_url, role=app_state.ROLE, pool_size=1)
        try:
            async with db.transaction() as connection:
                await connection.execute(text(statement))
        except DBAPIError as error:
            return database.sqlstate(error)
        finally:
            await db.close()
        return None

    assert run(_try()) == "42501"
