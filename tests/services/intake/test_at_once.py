"""The decision at once: a case that is decided with its filing stands as the worker would have left it; others wait."""

import dataclasses
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.decisions import machine_steps
from services.delivery.dispatch import DELIVER
from services.intake import accept
from services.intake.fast_road import FastRoad
from services.intake.preparation import IntakeContext, Prepared
from services.reference.data import ReferenceData
from services.requests.answers import Accepted, Answer
from services.tasks.queue import ROUTE
from shared import serialisation
from shared.database import Database

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


def _numbers(answers: Sequence[Answer]) -> list[str]:
    return [
        serialisation.from_text(answer.receipt)["number"]
        for answer in answers
        if isinstance(answer, Accepted)
    ]


def _road(db: Database, reference: ReferenceData) -> FastRoad:
    async def _reference() -> ReferenceData:
        return reference

    return FastRoad(db, _reference)


@pytest.fixture
def file_at_once(db: Database, run: Run, reference: ReferenceData) -> Callable[..., list[str]]:
    """Return a function that stores filings, decided at once where possible, and returns their numbers."""

    def _file(filings: Sequence[Prepared], by: ReferenceData = reference) -> list[str]:
        return _numbers(run(accept.accept_many(db, filings, _road(db, by))))

    return _file


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


def test_the_entry_lies_in_the_feed_of_the_enterprise(
    prepare: Prepare, db: Database, run: Run, reference: ReferenceData, ask: Ask
) -> None:
    [answer] = run(accept.accept_many(db, [prepare()], _road(db, reference)))
    assert answer.work is None
    [entry] = ask("SELECT audience, type FROM feed_entry")
    assert tuple(entry) == ("carrier:ZTO", "case.forwarded")
    again = run(accept.accept_many(db, [prepare(key="k")], _road(db, reference)))[0]
    repeated = run(accept.accept_many(db, [prepare(key="k")], _road(db, reference)))[0]
    assert (again.replayed, repeated.replayed, repeated.work) == (False, True, None)
    assert ask("SELECT count(*) FROM complaint")[0][0] == 2


@pytest.mark.parametrize(
    "changes", [{"urgency": ["NETWORK_STOPPAGE"]}, WAYBILL], ids=["a stoppage", "a waybill that came before"]
)
def test_what_depends_on_other_cases_is_left_to_the_worker(
    changes: dict[str, Any],
    prepare: Prepare,
    file_at_once: Callable[..., list[str]],
    work: Callable[[], None],
    case_of: Case,
) -> None:
    [first] = file_at_once([prepare(**WAYBILL)])
    [second] = file_at_once([prepare(**changes)])
    assert (case_of(first).status, case_of(second).status) == ("FORWARDED", "RECEIVED")
    assert case_of(second).routed_at is None
    work()
    assert case_of(second).routed_at is not None


def test_of_two_filings_of_one_waybill_in_one_transaction_neither_is_decided_at_once(
    prepare: Prepare, file_at_once: Callable[..., list[str]], work: Callable[[], None], case_of: Case
) -> None:
    numbers = file_at_once([prepare(**WAYBILL), prepare(**WAYBILL), prepare()])
    assert [case_of(number).status for number in numbers] == ["RECEIVED", "RECEIVED", "FORWARDED"]
    work()
    assert [case_of(number).status for number in numbers] == ["FORWARDED", "RECEIVED", "FORWARDED"]


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


def test_tasks_are_left_by_name(prepare: Prepare, db: Database, run: Run, reference: ReferenceData) -> None:
    answers = run(
        accept.accept_many(db, [prepare(), prepare(urgency=["NETWORK_STOPPAGE"])], _road(db, reference))
    )
    assert [answer.work for answer in answers] == [None, ROUTE]
