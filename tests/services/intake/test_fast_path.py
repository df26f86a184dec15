"""The fast path: one statement for what is new and alone; nothing is lost, doubled or missed where something is not."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from services.decisions import machine_steps
from services.delivery.dispatch import DELIVER
from services.intake import accept
from services.intake import fast_path as module
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from services.requests.answers import Accepted, KeyReusedError
from services.tasks.queue import ROUTE
from shared.database import Database
from shared.errors import InternalError
from tests.services.intake.paths import fast_path, impossible, numbers_of

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Prepare = Callable[..., Prepared]
Ask = Callable[..., list[Any]]
Case = Callable[[str], Any]
File = Callable[..., list[str]]
WAYBILL = {"item": {"waybill": "75123456789012"}}
_ENDPOINT = """
    INSERT INTO endpoint (id, audience, url, secret) VALUES (:id, 'carrier:ZTO', 'https://carrier.example/hooks', '')
"""


def test_what_is_stored_stands_in_the_feed_and_leaves_no_task(
    prepare: Prepare, file_at_once: File, case_of: Case, ask: Ask
) -> None:
    numbers = file_at_once([prepare(), prepare(**WAYBILL)])
    assert [case_of(number).status for number in numbers] == ["FORWARDED", "FORWARDED"]
    assert [tuple(row) for row in ask("SELECT audience, type FROM feed_entry")] == [
        ("carrier:ZTO", "case.forwarded")
    ] * 2
    assert ask("SELECT count(*) FROM task")[0][0] == 0


@pytest.mark.parametrize(
    "changes", [{"urgency": ["NETWORK_STOPPAGE"]}, WAYBILL], ids=["a stoppage", "a waybill that came before"]
)
def test_what_depends_on_other_cases_is_left_to_the_worker_and_the_others_are_not(
    changes: dict[str, Any],
    prepare: Prepare,
    file_at_once: File,
    work: Callable[[], None],
    case_of: Case,
) -> None:
    file_at_once([prepare(**WAYBILL)])
    numbers = file_at_once([prepare(), prepare(**changes), prepare()])
    assert [case_of(number).status for number in numbers] == ["FORWARDED", "RECEIVED", "FORWARDED"]
    work()
    assert case_of(numbers[1]).routed_at is not None


def test_each_filing_tells_which_work_it_leaves(
    prepare: Prepare, db: Database, run: Run, reference: ReferenceData
) -> None:
    filings = [prepare(), prepare(urgency=["NETWORK_STOPPAGE"])]
    answers = run(accept.accept_many(db, filings, fast_path(db, reference)))
    assert [answer.work for answer in answers] == [None, ROUTE]


def test_a_key_that_came_before_is_answered_as_before_and_the_others_are_stored_at_once(
    prepare: Prepare, db: Database, run: Run, reference: ReferenceData, ask: Ask, case_of: Case
) -> None:
    path = fast_path(db, reference)
    [first] = run(accept.accept_many(db, [prepare("k")], path))
    filings = [prepare(), prepare("k"), prepare("k", cause="anders"), prepare()]
    new, again, reused, other = run(accept.accept_many(db, filings, path))
    assert (again.receipt, again.replayed, again.work) == (first.receipt, True, None)
    assert isinstance(reused, KeyReusedError)
    assert [case_of(number).status for number in numbers_of([new, other])] == ["FORWARDED"] * 2
    assert ask("SELECT count(*) FROM complaint")[0][0] == 3


def test_of_two_filings_of_one_waybill_in_one_call_neither_is_decided_at_once(
    prepare: Prepare, file_at_once: File, work: Callable[[], None], case_of: Case
) -> None:
    numbers = file_at_once([prepare(**WAYBILL), prepare(**WAYBILL), prepare()])
    assert [case_of(number).status for number in numbers] == ["RECEIVED", "RECEIVED", "FORWARDED"]
    work()
    assert [case_of(number).status for number in numbers] == ["FORWARDED", "RECEIVED", "FORWARDED"]


def test_a_crowd_that_files_one_waybill_makes_one_case_that_goes_on_and_repetitions(
    prepare: Prepare,
    db: Database,
    run: Run,
    reference: ReferenceData,
    work: Callable[[], None],
    case_of: Case,
    ask: Ask,
) -> None:
    paths = [fast_path(db, reference) for _ in range(4)]
    filings = [prepare(**WAYBILL) for _ in range(12)]

    async def _crowd() -> list[Any]:
        calls = (accept.accept_many(db, [filing], paths[place % 4]) for place, filing in enumerate(filings))
        return [answer for call in await asyncio.gather(*calls) for answer in call]

    numbers = numbers_of(run(_crowd()))
    work()
    assert sorted(case_of(number).status for number in numbers) == ["FORWARDED"] + ["RECEIVED"] * 11
    assert ask("SELECT count(DISTINCT complaint_id) FROM duplicate_candidate")[0][0] == 11


def test_a_filing_with_an_older_id_repeats_a_case_that_was_decided_before_it_was_there(
    prepare: Prepare, store: File, file_at_once: File, work: Callable[[], None], case_of: Case, ask: Ask
) -> None:
    older_id, decided = prepare(**WAYBILL), prepare(**WAYBILL)
    numbers = file_at_once([decided]) + store([older_id])
    work()
    assert [case_of(number).status for number in numbers] == ["FORWARDED", "RECEIVED"]
    [candidate] = ask("SELECT c.number FROM duplicate_candidate d JOIN complaint c ON c.id = d.other_id")
    assert candidate.number == numbers[0]
    assert case_of(numbers[1]).level == "L1"


def test_who_comes_second_waits_for_a_filing_of_the_same_waybill_in_flight(
    prepare: Prepare,
    db: Database,
    run: Run,
    reference: ReferenceData,
    work: Callable[[], None],
    case_of: Case,
) -> None:
    in_flight, second = prepare(**WAYBILL), prepare(**WAYBILL)

    async def _meet() -> tuple[bool, list[Any]]:
        async with db.transaction() as connection:
            answers = await accept._write(connection, [in_flight])
            calling = asyncio.create_task(accept.accept_many(db, [second], fast_path(db, reference)))
            await asyncio.sleep(0.3)
            waited = not calling.done()
        return waited, answers + await calling

    waited, answers = run(_meet())
    assert waited
    numbers = numbers_of(answers)
    assert [case_of(number).status for number in numbers] == ["RECEIVED", "RECEIVED"]
    work()
    assert [case_of(number).status for number in numbers] == ["FORWARDED", "RECEIVED"]


def test_a_filing_that_the_database_refuses_fails_alone(
    prepare: Prepare, db: Database, run: Run, reference: ReferenceData
) -> None:
    filings = [prepare() for _ in range(5)]
    filings[2] = impossible(filings[2], scope="nowhere")
    answers = run(accept.accept_many(db, filings, fast_path(db, reference)))
    assert [type(answer) for answer in answers] == [Accepted, Accepted, InternalError, Accepted, Accepted]


def test_a_commit_that_was_not_heard_of_is_answered_by_its_key(
    prepare: Prepare,
    db: Database,
    run: Run,
    reference: ReferenceData,
    ask: Ask,
    case_of: Case,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    statement = Database.statement

    async def _lost(self: Database, sql: str, *parameters: Any) -> list[Any]:
        rows = await statement(self, sql, *parameters)
        if "request_key" in sql:
            raise ConnectionResetError
        return rows

    monkeypatch.setattr(Database, "statement", _lost)
    [answer] = run(accept.accept_many(db, [prepare()], fast_path(db, reference)))
    assert answer.replayed
    assert case_of(*numbers_of([answer])).status == "FORWARDED"
    assert ask("SELECT count(*) FROM complaint")[0][0] == 1


def test_where_somebody_hears_of_it_a_delivery_waits_and_the_bell_is_rung(
    prepare: Prepare, db: Database, run: Run, reference: ReferenceData, ask: Ask
) -> None:
    ask(_ENDPOINT, id=uuid.uuid4())
    [answer] = run(accept.accept_many(db, [prepare()], fast_path(db, reference)))
    assert answer.work == DELIVER
    assert ask("SELECT count(*) FROM delivery")[0][0] == 1


def test_many_are_stored_in_stretches_and_a_stretch_that_fails_is_left_alone(
    prepare: Prepare,
    db: Database,
    run: Run,
    reference: ReferenceData,
    monkeypatch: pytest.MonkeyPatch,
    case_of: Case,
) -> None:
    monkeypatch.setattr(module, "MOST_TOGETHER", 2)
    filings = [prepare() for _ in range(5)]
    filings[1] = impossible(filings[1], scope="nowhere")
    answers = run(accept.accept_many(db, filings, fast_path(db, reference)))
    assert isinstance(answers[1], InternalError)
    numbers = numbers_of([answer for answer in answers if not isinstance(answer, InternalError)])
    assert [case_of(number).status for number in numbers] == ["RECEIVED"] + ["FORWARDED"] * 3


def test_what_was_decided_is_counted_once(
    prepare: Prepare, file_at_once: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(machine_steps, "report_routed", lambda _decision, number: counted.append(number))
    file_at_once([prepare(**WAYBILL)])
    numbers = file_at_once([prepare(), prepare(**WAYBILL), prepare()])
    # the second is left to the worker, and what the first try decided was not written
    assert counted[1:] == [numbers[0], numbers[2]]
