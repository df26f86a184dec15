"""The decision at once: a case that is decided with its filing stands as the worker would have left it; others wait."""

import dataclasses
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.decisions import machine_steps
from services.intake.preparation import IntakeContext, Prepared
from services.reference.data import ReferenceData

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Prepare = Callable[..., Prepared]
Ask = Callable[..., list[Any]]
Case = Callable[[str], Any]
WAYBILL = {"item": {"waybill": "75123456789012"}}
_EVERYTHING = {
    "passes every check": {},
    "with a waybill": WAYBILL,
    "urgent": {"urgency": ["DEATH", "MEDIA_EXPOSURE"]},
    "an officer decides": {"enterprise_complaint": None},
    "the place is uncertain": {"addressee": None},
    "an enterprise that is not supervised": {"carrier_code": "HOAU"},
    "of another province": {"addressee": {"region_code": "650100"}},
    "received long ago": {"received_at": "days ago"},
}
_COLUMNS = {
    "case_event": "t.seq, t.kind, t.actor, t.by, t.data::jsonb - 'deadlines' AS data",
    "case_deadline": "t.key, t.round, t.rule, t.amount, t.unit, t.outcome, t.stopped_at, t.next_check_at, t.provisional",
    "feed_entry": "t.audience, t.seq, t.type, t.data::jsonb - '{number,total_due_at,reply_due_at}'::text[] AS data",
}
_OF_CASE = """
    SELECT {columns} FROM {table} t JOIN complaint c ON c.bucket = t.bucket AND c.id = t.complaint_id
    WHERE c.number = :number ORDER BY 1, 2
"""


@pytest.fixture
def all_of(ask: Ask) -> Callable[[str], dict[str, Any]]:
    """Return a function that reads all that is stored of a case, moments and ids apart."""

    def _plain(row: Any, *without: str) -> dict[str, Any]:
        return {
            name: (value is not None) if name.endswith(("_at", "_since")) else value
            for name, value in row._mapping.items()
            if name not in {"bucket", "id", "complaint_id", "number", *without}
        }

    def _rows(table: str, number: str) -> list[dict[str, Any]]:
        rows = ask(_OF_CASE.format(table=table, columns=_COLUMNS[table]), number=number)
        return [_plain(row) for row in rows]

    def _read(number: str) -> dict[str, Any]:
        [case] = ask("SELECT * FROM complaint WHERE number = :number", number=number)
        return {"complaint": _plain(case)} | {table: _rows(table, number) for table in _COLUMNS}

    return _read


@pytest.mark.parametrize("changes", _EVERYTHING.values(), ids=_EVERYTHING)
def test_a_case_stands_as_the_worker_would_have_left_it(
    changes: dict[str, Any],
    prepare: Prepare,
    store: Callable[..., list[str]],
    work: Callable[[], None],
    file_at_once: Callable[..., list[str]],
    all_of: Callable[[str], dict[str, Any]],
    ask: Ask,
    intake_context: IntakeContext,
) -> None:
    if "received_at" in changes:
        changes = {"received_at": (intake_context.now - timedelta(days=25)).isoformat()}
    [by_worker] = store([prepare(**changes)])
    work()
    # the other case of the same waybill would make this one a repetition
    ask("UPDATE complaint_party SET waybill_index = NULL")
    ask("DELETE FROM waybill_guard")
    [decided] = file_at_once([prepare(**changes)])
    assert ask("SELECT count(*) FROM task")[0][0] == 0
    assert all_of(decided) == all_of(by_worker)
    work()
    assert all_of(decided) == all_of(by_worker)


def test_a_rule_that_fails_refuses_no_complaint(
    prepare: Prepare,
    file_at_once: Callable[..., list[str]],
    work: Callable[[], None],
    case_of: Case,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def _broken(*_: Any) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr(machine_steps, "forwarded", _broken)
        numbers = file_at_once([prepare(), prepare(enterprise_complaint=None)])
    assert [case_of(number).status for number in numbers] == ["RECEIVED", "RECEIVED"]
    assert "decision_at_once_failed" in [log["event"] for log in logs]
    work()
    assert [case_of(number).status for number in numbers] == ["FORWARDED", "RECEIVED"]


def test_a_bureau_that_sees_its_cases_first_gets_them_unaccepted(
    prepare: Prepare, cautious: ReferenceData, file_at_once: Callable[..., list[str]], case_of: Case
) -> None:
    [number] = file_at_once([prepare()], cautious)
    case = case_of(number)
    assert (case.status, case.handling_bureau, case.version) == ("RECEIVED", "C330100", 3)


def test_a_receipt_that_the_database_dates_earlier_gives_no_negative_durations(
    prepare: Prepare, file_at_once: Callable[..., list[str]], case_of: Case, intake_context: IntakeContext
) -> None:
    ahead = dataclasses.replace(intake_context, now=intake_context.now + timedelta(minutes=5))
    [number] = file_at_once([prepare(of=ahead)])
    case = case_of(number)
    assert case.received_at <= case.created_at == case.routed_at == case.forwarded_at
