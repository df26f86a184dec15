"""The process's own addresses: alive, ready, measured, described; and what its role may not do."""

from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from analytics_api import app_state
from shared import database
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Get = Callable[..., httpx.Response]


def test_index_needs_no_key(get: Get) -> None:
    body = get("/", authorization="").json()
    assert body["description"] == "/openapi.json"
    for path in body["operation"]:
        assert get(path, authorization="").status_code == 200


def test_readiness_tells_the_age_of_the_figures(get: Get) -> None:
    assert get("/readyz").json() == {
        "status": "ready",
        "database": "up",
        "figures_version": 0,
        "figures_as_of": None,
    }


def test_metrics_name_routes_and_never_paths(get: Get) -> None:
    get("/v1/circulars/1999-07")
    text_of = get("/metrics").text
    assert 'route="/v1/circulars/{period}"' in text_of
    assert "1999-07" not in text_of


def test_the_description_is_complete(get: Get) -> None:
    described = get("/openapi.json").json()
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    assert {operation["operationId"] for operation in operations} >= {
        "getVolume",
        "getCircular",
        "getReadiness",
    }
    for path in ("/v1/figures/volume", "/v1/circulars/{period}"):
        operation = described["paths"][path]["get"]
        assert operation["description"]
        assert operation["security"]
        assert {"200", "304", "401", "403", "422", "429", "503"} <= operation["responses"].keys()
        assert all(
            parameter["description"] for parameter in operation["parameters"] if parameter["in"] == "query"
        )


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
