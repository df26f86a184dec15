"""The worklist: each queue its cases, the neediest first, by pages that neither skip nor repeat, in few statements."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from services.cases.changes import KeyedContext
from services.casework.session import DeskSession
from services.desk import perform
from services.requests.cursors import CursorError
from services.views import worklist
from services.views.worklist import Queue, WorklistPage, WorklistQuery
from shared.database import Database
from shared.errors import InvalidInputError
from shared.vocabulary import Level, Status

Make = Callable[..., str]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
Page = Callable[..., dict[str, Any]]
ANHUI = {"addressee": {"region_code": "340111"}}


@pytest.fixture
def page(db: Database, run: Run, context: KeyedContext, desk: Callable[..., DeskSession]) -> Page:
    """Return a function that reads one page as a desk, by default Hangzhou's."""

    def _page(
        queue: Queue = Queue.BUREAU, *, by: DeskSession | None = None, **filters: Any
    ) -> dict[str, Any]:
        answer: WorklistPage = run(
            worklist.page(
                db, WorklistQuery(queue=queue, **filters), desk=by or desk(), reference=context.reference
            )
        )
        return answer.model_dump()

    return _page


def numbers(answer: dict[str, Any]) -> list[str]:
    return [item["number"] for item in answer["items"]]


def set_due(ask: Ask, number: str, due: str) -> None:
    """Set the nearest deadline of a case, an SQL expression, past the deadlines themselves."""
    ask(f"UPDATE complaint SET next_due_at = {due} WHERE number = :number", number=number)


def test_each_queue_holds_its_cases(
    received: Make,
    forwarded: Make,
    act: Callable[..., Any],
    page: Page,
    desk: Callable[..., DeskSession],
    ask: Ask,
) -> None:
    mine, free, late, elsewhere = received(), received(), forwarded(), received(**ANHUI)
    vague, copied, ended = received(), forwarded(urgency=["SAFETY"]), received()
    act(mine, "claim")
    act(ended, "withdraw", reason="用户来电撤回")
    set_due(ask, late, "now() - interval '1 minute'")
    ask("UPDATE complaint SET triage = true WHERE number = :number", number=vague)
    ours = {mine, free, late, vague, copied}
    assert set(numbers(page())) == ours
    assert numbers(page(Queue.MINE)) == [mine]
    assert numbers(page(Queue.MINE, by=desk(officer="wang.wei"))) == []
    assert set(numbers(page(Queue.UNCLAIMED))) == ours - {mine}
    assert numbers(page(Queue.OVERDUE)) == [late]
    assert numbers(page(Queue.TRIAGE)) == [vague]
    # Hangzhou handles, Zhejiang supervises, and what is grave is copied upwards
    province, nation = desk("P330000"), desk("N000000")
    assert numbers(page(by=province)) == []
    assert set(numbers(page(Queue.SUPERVISED, by=province))) == ours
    assert numbers(page(Queue.COPIED, by=province)) == [copied]
    assert numbers(page(Queue.COPIED, by=nation)) == [copied]
    assert numbers(page(Queue.SUPERVISED)) == []
    assert elsewhere not in numbers(page(Queue.SUPERVISED, by=province))


def test_status_and_level_narrow_a_queue(received: Make, forwarded: Make, page: Page) -> None:
    waits, goes, grave = received(), forwarded(), forwarded(urgency=["DEPUTY"])
    assert numbers(page(status=Status.RECEIVED)) == [waits]
    assert numbers(page(level=Level.KEY)) == [grave]
    assert set(numbers(page(status=Status.FORWARDED))) == {goes, grave}
    with pytest.raises(InvalidInputError) as refused:
        page(status=Status.CLOSED)
    assert refused.value.errors[0].pointer == "/query/status"


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 6, 7, 8])
def test_the_neediest_comes_first_and_pages_neither_skip_nor_repeat(
    limit: int, received: Make, page: Page, ask: Ask
) -> None:
    # two without a deadline, three with the same one
    days = [None, 2, -1, 1, 1, 1, None]
    made = [received() for _ in days]
    for number, day in zip(made, days, strict=True):
        at = "NULL" if day is None else f"(SELECT max(received_at) FROM complaint) + interval '{day} day'"
        set_due(ask, number, at)
    rows = ask("SELECT number FROM complaint ORDER BY next_due_at NULLS LAST, id")
    expected = [row.number for row in rows]
    assert expected[0] == made[2]
    assert set(expected[-2:]) == {made[0], made[6]}
    seen: list[str] = []
    cursor: str | None = None
    while True:
        answer = page(limit=limit, cursor=cursor)
        seen += numbers(answer)
        assert len(answer["items"]) == limit or answer["next"] is None
        if (cursor := answer["next"]) is None:
            break
    assert seen == expected


def test_an_item_says_what_an_officer_needs_to_choose(forwarded: Make, page: Page, ask: Ask) -> None:
    number = forwarded(urgency=["DEPUTY"], issue_detail_code="FALSE_SIGN")
    [item] = page()["items"]
    assert (item["number"], item["status"], item["status_name"]) == (number, "FORWARDED", "已转办")
    assert item["carrier"] == {"code": "ZTO", "name": "中通快递"}
    assert item["issue"]["code"] == "DELIVERY_SERVICE"
    assert item["issue"]["detail"] == "FALSE_SIGN"
    assert item["handling_bureau"] == {"code": "C330100", "name": "杭州市邮政管理局"}
    assert (item["claimed_by"], item["confidential"], item["overdue"]) == (None, False, False)
    # level L2 asks for a first contact within hours: that deadline comes first
    assert (item["next_deadline"], item["what_next"]) == ("first_contact", "CONTACT_USER")
    [case] = ask("SELECT version, next_due_at FROM complaint")
    assert (item["version"], item["next_due_at"]) == (case.version, case.next_due_at)
    ask(
        "UPDATE case_deadline SET stopped_at = now(), outcome = 'MET', next_check_at = NULL WHERE key NOT LIKE 'enter%'"
    )
    ask("UPDATE case_deadline SET due_at = now() - interval '1 hour' WHERE stopped_at IS NULL")
    ask("UPDATE complaint SET next_due_at = (SELECT due_at FROM case_deadline WHERE stopped_at IS NULL)")
    [item] = page()["items"]
    assert (item["next_deadline"], item["overdue"], item["what_next"]) == (
        "enterprise_reply",
        True,
        "URGE_ENTERPRISE",
    )


def test_a_page_costs_at_most_three_statements_with_the_officer_whatever_its_size(
    db: Database,
    run: Run,
    received: Make,
    page: Page,
    desk: Callable[..., DeskSession],
    context: KeyedContext,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    for _ in range(12):
        received()
    who = desk()
    for queue in Queue:
        for limit in (1, 5, 50):
            with statements() as sent:
                run(perform.desk_of(db, who.caller, who.officer.id, context))
                page(queue, by=who, limit=limit)
            assert len(sent) <= 3, (queue, limit, sent)


def test_each_queue_goes_along_an_index_of_open_cases(
    db: Database, run: Run, page: Page, desk: Callable[..., DeskSession]
) -> None:
    # an index of open cases serves only statements that write its condition as it was written
    served = {
        Queue.MINE: "ix_complaint_claimed",
        Queue.BUREAU: "ix_complaint_desk",
        Queue.UNCLAIMED: "ix_complaint_desk",
        Queue.OVERDUE: "ix_complaint_desk",
        Queue.SUPERVISED: "ix_complaint_supervised",
        Queue.COPIED: "ix_complaint_copied",
    }
    for queue, index in served.items():
        sent: list[tuple[str, Any]] = []
        with listening(db, sent):
            page(queue, by=desk())
        plan = run(_plan(db, *next(each for each in sent if "FROM complaint" in each[0])))
        assert index in plan, (queue, plan)


@contextmanager
def listening(db: Database, sent: list[tuple[str, Any]]) -> Iterator[None]:
    """Note the statements that are sent meanwhile, with their values."""

    def _note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        sent.append((statement, values))

    event.listen(db.engine.sync_engine, "before_cursor_execute", _note)
    try:
        yield
    finally:
        event.remove(db.engine.sync_engine, "before_cursor_execute", _note)


async def _plan(db: Database, statement: str, values: Any) -> str:
    async with db.transaction() as connection:
        # so few rows are read through whole, or sorted, unless that is forbidden
        await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        await connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        await connection.exec_driver_sql("SET LOCAL enable_sort = off")
        rows = await connection.exec_driver_sql(f"EXPLAIN {statement}", values)
        return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("cursor", ["", "x", "W10=", "WzEsMl0=", "WyIyMDI2IiwieCJd"])
def test_a_cursor_that_is_none_is_refused(cursor: str, page: Page) -> None:
    with pytest.raises(CursorError) as refused:
        page(cursor=cursor or "e30=")
    assert refused.value.errors[0].pointer == "/query/cursor"
