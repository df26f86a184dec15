"""Fields of forms: every limit is stated, no text has control characters, and moments are written out and plausible."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from services import fields
from services.fields import CivilTime, Code, Day, Fen, Form, Moment, Reference, RegionCode, View
from shared.vocabulary import CloseReason, Role

TEXT: Any = Annotated[str, fields.text(5)]


def _takes(kind: Any, value: object) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            TEXT,
            ["a", "五个汉字呀", "a\tb\nc", "a\r\nb", "😀"],
            ["", " ", "\u200b", "\u3164\n", "六个汉字太多", "\x00", "a\x1b", "\u2028", "\x7f"],
        ),
        (Code, ["ZTO", "a_1", "A" * 40], ["", "A" * 41, "Z-O", "中通", "ZTO\n", "０"]),
        (RegionCode, ["330106", "000000"], ["33010", "3301060", "33010x", "３３０１０６"]),
        (Reference, ["HZ-1", "a/b:c#1.2_"], ["", "a b", "中", "A" * 101, "a\n"]),
        (Fen, [0, 10**13], [-1, 10**13 + 1]),
    ],
)
def test_limits(kind: Any, good: list[object], bad: list[object]) -> None:
    assert [value for value in good if not _takes(kind, value)] == []
    assert [value for value in bad if _takes(kind, value)] == []


def test_a_text_may_be_empty_where_it_is_said() -> None:
    assert _takes(Annotated[str, fields.text(5, least=0)], "")


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("2026-11-20T10:00:00+08:00", None),
        ("1978-01-01T00:00:00Z", None),
        ("2200-12-31T23:59:59Z", None),
        ("1977-12-31T23:59:59Z", "too-long-ago"),
        ("2201-01-01T00:00:00Z", "in-the-future"),
        # seconds since 1970, however they are written
        (1_763_600_000, "not-written-out"),
        ("1763600000", "not-written-out"),
        (None, "not-written-out"),
        ("2026-11-20T10:00:00", "timezone_aware"),
        ("2026-02-30T10:00:00Z", "datetime_from_date_parsing"),
    ],
)
def test_a_moment_is_written_out_with_its_zone_and_plausible(value: object, fault: str | None) -> None:
    if fault is None:
        assert TypeAdapter(Moment).validate_python(value).tzinfo is not None
        return
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Moment).validate_python(value)
    [error] = refused.value.errors()
    assert error["type"] in {fault, "datetime_parsing"}


def test_a_day_is_written_out() -> None:
    assert TypeAdapter(Day).validate_python("2024-02-29") == date(2024, 2, 29)
    assert [value for value in ("2023-02-29", "29.02.2024", 19782, "19782") if _takes(Day, value)] == []


def test_a_form_takes_what_it_knows_in_its_own_type_and_a_view_shows_civil_time() -> None:
    class Amount(Form):
        """A form of a test."""

        fen: Fen

    class Shown(View):
        """A view of a test."""

        at: CivilTime

    assert _takes(Amount, {"fen": 1})
    assert not _takes(Amount, {"fen": "1"})
    assert not _takes(Amount, {"fen": 1, "more": 2})
    assert not _takes(Amount, {"fen": True})
    # the evening of UTC is the next day in Shanghai
    shown = Shown(at=datetime(2026, 3, 1, 17, tzinfo=UTC))
    assert shown.model_dump_json() == '{"at":"2026-03-02T01:00:00+08:00"}'


class Inner(Form):
    """A form within a form."""

    code: Code | None = None


class Outer(Form):
    """A form of each kind of field that may be absent."""

    name: Annotated[str, fields.text(9)]
    note: Annotated[str, fields.text(9)] | None = None
    day: Day | None = None
    reason: CloseReason | None = None
    kind: Role = Role.SENDER
    inner: Inner | None = None
    rows: tuple[Inner, ...] = Field(default=(), strict=False)


@pytest.mark.parametrize("nothing", ["", "   ", "\\u200b\\u3164"])
def test_a_text_of_nothing_is_absent_in_json(nothing: str) -> None:
    body = (
        '{"name":"x","note":"_","day":"_","reason":"_","kind":"_","inner":{"code":"_"},"rows":[{"code":"_"}]}'
    )
    read = Outer.model_validate_json(body.replace("_", nothing))
    assert read == Outer(name="x", inner=Inner(), rows=(Inner(),))


def test_what_may_not_be_absent_has_words() -> None:
    with pytest.raises(ValidationError) as raised:
        Outer.model_validate_json('{"name":" \\u200b"}')
    assert [error["type"] for error in raised.value.errors()] == ["no-words"]


def test_a_parameter_of_nothing_is_refused() -> None:
    assert _takes(Outer, {"name": "x"})
    assert not _takes(Outer, {"name": "x", "note": " "})


def test_what_is_sent_is_taken_as_before() -> None:
    read = Outer.model_validate_json(
        '{"name":"x","note":" y","day":"2026-11-27","reason":"SETTLED","kind":"AGENT"}'
    )
    assert (read.note, read.day, read.reason, read.kind) == (" y", date(2026, 11, 27), "SETTLED", "AGENT")
