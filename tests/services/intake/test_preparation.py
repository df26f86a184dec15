"""Preparation: what is stored in the open and what only sealed, limits with their versions, one fingerprint a request."""

import contextlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.intake import preparation
from services.intake.filing import Filing, HistoricalFiling
from services.intake.preparation import IntakeContext, Prepared
from services.requests import parsing
from services.requests.answers import RequestKeyMissingError
from shared import clock, serialisation
from shared.errors import InvalidInputError, MalformedBodyError

Prepare = Callable[..., Prepared]
PERSONAL = ("王小明", "13800138000", "文三路", "11010119900307", "快件显示", "请企业", "75123456789012")


def test_personal_data_stands_in_the_sealed_record_only(prepare: Prepare) -> None:
    person = {
        "name": "王小明",
        "phone": "13800138000",
        "role": "ADDRESSEE",
        "address": "浙江省杭州市西湖区文三路1号",
        "identity_card": "53010219200508011x",
    }
    prepared = prepare(complainant=person, item={"waybill": "75123456789012"})
    in_the_open = repr((prepared.complaint, prepared.opened, prepared.notices, prepared.days)) + repr(
        prepared.party
    )
    assert not [word for word in (*PERSONAL, "53010219200508011") if word in in_the_open]
    assert all(prepared.party[name] for name in ("sealed", "phone_index", "identity_index", "waybill_index"))


def test_deadlines_carry_the_versions_by_which_they_were_computed(
    prepare: Prepare, intake_context: IntakeContext
) -> None:
    prepared = prepare(
        received_at="2026-11-20T10:00:00+08:00", of=_at(intake_context, "2026-11-21T10:00:00+08:00")
    )
    assert prepared.complaint["total_due_at"] == clock.start_of_day(
        clock.civil_day(intake_context.now).replace(2026, 12, 21)
    )
    assert prepared.complaint["deadline_version"] == intake_context.reference.deadlines.version
    deadlines = prepared.opened.data["deadlines"]
    assert isinstance(deadlines, dict)
    assert deadlines["total_due_at"] == prepared.complaint["total_due_at"]


def _at(intake_context: IntakeContext, moment: str) -> IntakeContext:
    return IntakeContext(
        intake_context.caller, intake_context.reference, intake_context.ring, datetime.fromisoformat(moment)
    )


def test_a_day_is_the_civil_day_of_shanghai(prepare: Prepare, intake_context: IntakeContext) -> None:
    later = _at(intake_context, "2026-11-21T12:00:00+08:00")
    evening = prepare(received_at="2026-11-20T15:59:59Z", of=later)
    night = prepare(received_at="2026-11-20T16:00:00Z", of=later)
    assert [str(day) for prepared in (evening, night) for day in prepared.days] == [
        "2026-11-20",
        "2026-11-21",
    ]


def test_history_is_closed_and_marks_each_of_its_days(prepare: Prepare) -> None:
    outcome = {
        "accepted_at": "2019-03-06T10:00:00+08:00",
        "closed_at": "2019-03-20T10:00:00+08:00",
        "close_reason": "SETTLED",
        "responsibility": "ENTERPRISE",
    }
    prepared = prepare(external_ref="h", received_at="2019-03-05T10:00:00+08:00", outcome=outcome)
    assert (prepared.complaint["scope"], prepared.complaint["status"], prepared.opened.kind) == (
        "import",
        "CLOSED",
        "IMPORTED",
    )
    assert {str(day) for day in prepared.days} == {"2019-03-05", "2019-03-06", "2019-03-20"}


def test_without_a_key_a_request_cannot_be_distinguished_from_its_repetition(
    intake_context: IntakeContext, filing: Callable[..., dict[str, Any]]
) -> None:
    with pytest.raises(RequestKeyMissingError):
        preparation.prepare(
            Filing.model_validate_json(serialisation.to_bytes(filing())), intake_context, None
        )


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "cause": st.text(min_size=1, max_size=20, alphabet="abc中"),
        "requested_fen": st.integers(0, 5),
        "urgency": st.lists(st.sampled_from(["MINOR", "DEATH"]), max_size=2),
        "request": st.sampled_from(["x", "y"]),
    },
)


@given(first=CHANGES, other=CHANGES)
def test_fingerprints_are_equal_where_the_requests_are(
    first: dict[str, Any], other: dict[str, Any], filing: Callable[..., dict[str, Any]]
) -> None:
    forms = [
        Filing.model_validate_json(serialisation.to_bytes(filing(**changes))) for changes in (first, other)
    ]
    prints = [preparation.fingerprint(form) for form in forms]
    assert (prints[0] == prints[1]) == (forms[0] == forms[1])


@given(raw=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_do_more_than_be_refused(raw: bytes) -> None:
    for form in (Filing, HistoricalFiling):
        with pytest.raises((MalformedBodyError, InvalidInputError)):
            parsing.read_one(raw, form)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    field=st.sampled_from(sorted(HistoricalFiling.model_fields)),
    value=JSON | st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
)
@example(field="received_at", value="9999-12-31T23:59:59-10:00")
@example(field="received_at", value="0001-01-01T00:00:00+14:00")
@example(
    field="outcome",
    value={"closed_at": "9999-12-31T23:59:59-10:00", "close_reason": "SETTLED", "responsibility": "NONE"},
)
def test_any_value_in_any_field_is_taken_or_refused_and_nothing_else(
    field: str, value: Any, intake_context: IntakeContext, filing: Callable[..., dict[str, Any]]
) -> None:
    raw = json.dumps(filing() | {"external_ref": "r", field: value}).encode()
    for form in (Filing, HistoricalFiling):
        with contextlib.suppress(InvalidInputError, MalformedBodyError):
            preparation.prepare(parsing.read_one(raw, form), intake_context, "k")


def test_received_moments_between_now_and_thirty_days_back_are_live(
    prepare: Prepare, intake_context: IntakeContext
) -> None:
    back = (intake_context.now - timedelta(days=29)).isoformat()
    assert prepare(received_at=back).complaint["scope"] == "live"
