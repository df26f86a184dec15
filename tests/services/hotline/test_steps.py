"""What the caller says of the answer: the hotline's visit counts as satisfaction, and an answer is redone once."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from services.desk.perform import VerbOutcome
from services.figures import refresh
from services.hotline.verbs import RedoRefusedError
from services.rules.states.table import IllegalMoveError
from shared import clock
from shared.database import Database
from tests.services.hotline.conftest import GUANGZHOU, HANGZHOU, close

Make = Callable[..., str]

Act = Callable[..., VerbOutcome]
Take = Callable[..., dict[str, Any]]
Tell = Callable[..., dict[str, Any]]
Rows = Callable[..., Any]
Ask = Callable[..., list[Any]]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Heard = Callable[..., list[tuple[str, Any, Any]]]


def _at(shift: timedelta) -> str:
    return (clock.now() + shift).astimezone(clock.SHANGHAI).isoformat(timespec="seconds")


@pytest.mark.parametrize(
    ("result", "satisfied"),
    [("SATISFIED", [True]), ("BASICALLY_SATISFIED", [True]), ("DISSATISFIED", [False]), ("UNREACHABLE", [])],
)
def test_the_hotlines_visit_counts_on_the_day_of_closing(
    result: str,
    satisfied: list[bool],
    answered: Callable[..., str],
    tell: Tell,
    case_of: Rows,
    ask: Ask,
    db: Database,
    run: Run,
) -> None:
    number = answered()
    run(refresh.refresh(db))
    said = {"solved": True} if satisfied else {}
    tell("HZ-1", "visit", result=result, note="来电人认可", **said)
    case = case_of(number)
    assert [value for value in (case.satisfied_administration,) if value is not None] == satisfied
    [visit] = ask("SELECT * FROM visit WHERE source = 'HOTLINE'")
    assert (visit.reached, visit.solved, visit.by) == (bool(satisfied), said.get("solved"), "hotline:330100")
    # the day of the closing is counted anew where the answer counts
    assert run(refresh.refresh(db)).days == len(satisfied)
    [fact] = ask("SELECT * FROM circular_fact WHERE valid = 1")
    assert fact.satisfied_administration == sum(satisfied)


def test_satisfaction_with_the_enterprise_is_asked_apart(
    answered: Callable[..., str], tell: Tell, case_of: Rows
) -> None:
    number = answered()
    tell("HZ-1", "visit", result="SATISFIED", enterprise="DISSATISFIED")
    assert (case_of(number).satisfied_administration, case_of(number).satisfied_enterprise) == (True, False)


def test_the_hotlines_visit_does_not_verify_the_reply_for_the_bureau(
    take: Take, tell: Tell, work: Callable[[], None], act: Act, put_reply: Rows, case_of: Rows
) -> None:
    number = take()["number"]
    work()
    put_reply(number)
    act(number, "visit", reached=True, account_matches=True)
    tell("HZ-1", "visit", result="SATISFIED")
    act(
        number,
        "close",
        close_reason="SETTLED",
        responsibility="NONE",
        settlement_lawful=True,
        answer="已处理。",
    )
    assert case_of(number).status == "CLOSED"


def test_a_case_is_done_again_once_and_then_its_answer_stands(
    answered: Callable[..., str],
    tell: Tell,
    case_of: Rows,
    row_of: Rows,
    deadlines_of: Rows,
    events_of: Rows,
    act: Act,
    put_reply: Rows,
    heard: Heard,
    see: Rows,
    ask: Ask,
) -> None:
    number = answered()
    answer = tell("HZ-1", "redo", reason="赔偿款未到账", due_at=_at(timedelta(days=5)))
    assert (answer["status"], answer["state"]["name"]) == ("REWORK", "重新办理")
    row = row_of()
    assert (row.redone, row.answered_at, row.interim_at) == (1, None, None)
    assert case_of(number).redone == 1
    deadlines = deadlines_of(number)
    assert (deadlines["rework_reply"].stopped_at, deadlines["hotline_answer"].due_at) == (None, row.due_at)
    assert row.interim_due_at < row.due_at
    rework = next(event for event in reversed(events_of(number)) if event.kind == "REWORK")
    assert (rework.actor, rework.data["redo"], rework.data["ground"]) == ("HOTLINE", True, "ACCOUNT_DIFFERS")
    [notice] = ask("SELECT data FROM feed_entry WHERE audience = 'carrier:ZTO' AND type = 'case.rework'")
    assert "reply_due_at" in notice.data
    close(number, act, put_reply)
    assert row_of().answered_at is not None

    with pytest.raises(RedoRefusedError, match="its answer stands") as refused:
        tell("HZ-1", "redo", key="R-2", reason="仍不满意")
    assert refused.value.members["reason_code"] == "REDONE_BEFORE"
    # kept, though it was refused, and once for its key
    with pytest.raises(RedoRefusedError):
        tell("HZ-1", "redo", key="R-2", reason="仍不满意")
    assert [event.kind for event in events_of(number)].count("REDO_REFUSED") == 1
    assert case_of(number).status == "CLOSED"
    kind, data, words = heard()[-1]
    assert (kind, data["reason_code"], data["orders"]) == ("order.redo_refused", "REDONE_BEFORE", ["HZ-1"])
    assert "仍然有效" in words["reason"]
    assert "仍不满意" not in str(words)
    assert see()["redone"] == 1


def test_only_an_answered_case_is_done_again(take: Take, tell: Tell, work: Callable[[], None]) -> None:
    take()
    work()
    with pytest.raises(IllegalMoveError):
        tell("HZ-1", "redo", reason="不满意")


def test_a_case_that_is_with_a_court_is_not_done_again(
    take: Take, tell: Tell, work: Callable[[], None], act: Act
) -> None:
    number = take()["number"]
    work()
    act(number, "close-other-procedure", procedure="LITIGATION", answer="该事项已进入诉讼程序。")
    with pytest.raises(RedoRefusedError) as refused:
        tell("HZ-1", "redo", reason="不满意")
    assert refused.value.members["reason_code"] == "IN_OTHER_PROCEDURE"


def test_what_one_order_had_done_again_stays_answered_for_the_others(
    take: Take,
    tell: Tell,
    work: Callable[[], None],
    act: Act,
    put_reply: Rows,
    row_of: Rows,
    deadlines_of: Rows,
    heard: Heard,
) -> None:
    parent = take("HZ-1")["number"]
    work()
    child = take("GZ-1", region=GUANGZHOU, enterprise_complaint=None)["number"]
    work()
    act(child, "merge", into=parent, reason="同一事项")
    close(parent, act, put_reply)
    assert heard(GUANGZHOU)[-1][0] == heard(HANGZHOU)[-1][0] == "order.answered"
    tell("HZ-1", "redo", reason="赔偿款未到账")
    assert row_of("HZ-1").answered_at is None
    assert row_of("GZ-1", region=GUANGZHOU).answered_at is not None
    assert deadlines_of(parent)["hotline_answer"].due_at == row_of("HZ-1").due_at
    # both hear of what follows
    assert heard(GUANGZHOU)[-1][0] == heard(HANGZHOU)[-1][0] == "order.handling"


def test_a_case_that_is_done_again_is_to_be_answered_within_the_thirty_days(
    answered: Make, tell: Rows, deadlines_of: Rows, case_of: Rows
) -> None:
    number = answered()
    assert deadlines_of(number)["total"].outcome == "MET"
    tell("HZ-1", "redo", reason="答复不实")
    total = deadlines_of(number)["total"]
    assert (total.round, total.stopped_at, total.due_at) == (2, None, case_of(number).total_due_at)
    assert total.started_at == case_of(number).received_at


def test_a_visit_that_reached_nobody_is_kept_and_counts_for_nothing(
    answered: Callable[..., str], tell: Tell, case_of: Rows, ask: Ask
) -> None:
    number = answered()
    tell("HZ-1", "visit", result="NO_ANSWER", note="无人接听")
    assert case_of(number).satisfied_administration is None
    [visit] = ask("SELECT reached, solved FROM visit WHERE source = 'HOTLINE'")
    assert tuple(visit) == (False, None)
