"""Cursors: a place comes back as it was given out, and whatever else is sent is refused."""

import base64
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.requests import cursors
from services.requests.cursors import CursorError
from shared import serialisation

ID = uuid.UUID("01a21c88-cee1-7d85-b08e-af9bb439cf7a")
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-11))])


def _cursor(value: object) -> str:
    return base64.urlsafe_b64encode(serialisation.to_bytes(value)).decode()


@given(st.datetimes(datetime(1980, 1, 1), datetime(2199, 1, 1), timezones=ZONES), st.uuids())  # noqa: DTZ001 - bounds are naive
def test_a_place_comes_back_to_the_microsecond(moment: datetime, case_id: uuid.UUID) -> None:
    assert cursors.read(cursors.write(moment, case_id)) == (moment, case_id)


def test_what_has_no_moment_has_a_place_only_in_a_list_that_ends_with_such() -> None:
    cursor = cursors.write(None, ID)
    assert cursors.read(cursor, with_none=True) == (None, ID)
    with pytest.raises(CursorError):
        cursors.read(cursor)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "中文",
        "====",
        _cursor("text"),
        _cursor(None),
        _cursor([]),
        _cursor({"a": 1, "b": 2}),
        _cursor(["2026-11-20T10:00:00+08:00"]),
        _cursor(["2026-11-20T10:00:00+08:00", "no uuid"]),
        _cursor(["2026-11-20T10:00:00+08:00", 7]),
        _cursor([7, str(ID)]),
        # naive, and beyond what the database can compare
        _cursor(["2026-11-20T10:00:00", str(ID)]),
        _cursor(["1977-12-31T10:00:00+08:00", str(ID)]),
        _cursor(["9999-12-31T23:59:59+00:00", str(ID)]),
    ],
)
def test_what_no_list_gave_is_refused_with_what_to_send(cursor: str) -> None:
    with pytest.raises(CursorError) as refused:
        cursors.read(cursor)
    [fault] = refused.value.errors
    assert (fault.pointer, refused.value.status) == ("/query/cursor", 422)
    assert len(cursor) < 3 or cursor not in str(refused.value)


@given(st.text(max_size=60))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with pytest.raises(CursorError):
        cursors.read(text)
