"""Arrays sent as text arrive as they are: quotes, backslashes, control characters, the word NULL, moments, days, None."""

from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from shared import array_text
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Kind(StrEnum):
    """Codes, as columns hold them."""

    PARCEL = "PARCEL"


@pytest.fixture
def sent(db: Database, run: Run) -> Callable[[list[Any], str], list[Any]]:
    """Return a function that sends values as an array of a type, and returns what Postgres has."""

    async def _send(values: list[Any], kind: str) -> list[Any]:
        async with db.transaction() as connection:
            statement = text(f"SELECT CAST(CAST(:values AS text) AS {kind}[])")
            return list(await connection.scalar(statement, {"values": array_text.literal(values)}) or ())

    return lambda values, kind: list(run(_send(values, kind)))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, None, -32768], "smallint"),
        ([2**62, 0], "bigint"),
        ([True, False, None], "boolean"),
        ([date(2026, 11, 27), None], "date"),
        ([datetime(2026, 11, 27, 1, 2, 3, 456789, tzinfo=UTC), None], "timestamptz"),
        (["", "NULL", "null", None, "{A,B}", '"', "\\", "\\n", 'a\\"b', "申诉，一", " blank "], "text"),
        (["line\nline", "tab\t", "\x01\x7f", "\\\n", "\\\\", '\\"\n"', None], "text"),
        ([Kind.PARCEL], "text"),
        ([], "text"),
    ],
)
def test_values_arrive_as_they_are(
    values: list[Any], kind: str, sent: Callable[[list[Any], str], list[Any]]
) -> None:
    assert sent(values, kind) == values


def test_a_moment_keeps_its_offset(sent: Callable[[list[Any], str], list[Any]]) -> None:
    moment = datetime(2026, 11, 27, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert sent([moment], "timestamptz")[0] - moment == timedelta(0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(
        st.none()
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
        | st.text('\\"\n{},N'),
        max_size=20,
    )
)
def test_any_text_arrives_as_it_is(
    values: list[str | None], sent: Callable[[list[Any], str], list[Any]]
) -> None:
    assert sent(values, "text") == values
