"""A step on a case: who may do it, what cannot have happened yet, and what a desk learns of the case's deadlines."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.cases import lookup
from services.cases.changes import KeyedContext, NewEvent
from services.casework import steps
from services.casework.forms import Reason
from services.casework.session import AllowedBureau, ClaimedByAnotherError, DeskSession, NotYourCaseError
from services.casework.steps import NotOpenError, StepContext, StepResult, VerbSpec
from services.reference.data import ReferenceData
from shared.errors import InvalidInputError
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind

Make = Callable[..., str]
# half past midnight in Shanghai: the day before in UTC
MOMENT = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)


@pytest.fixture
def on(
    in_transaction: Callable[..., Any], desk: Callable[..., DeskSession], context: KeyedContext
) -> Callable[..., Any]:
    """Return a function that does something as a step on a locked case, by default as an officer of Hangzhou."""

    def _on(number: str, do: Callable[[StepContext], Any], by: DeskSession | None = None) -> Any:
        session = by or desk()

        async def _go(connection: Any) -> Any:
            case = await lookup.find(connection, number, (), lock=True)
            return await do(StepContext(connection, case, session, context))

        return in_transaction(_go)

    return _on


async def _nothing(_step: StepContext, _form: Any) -> StepResult:
    return StepResult([])


def _verb(who: AllowedBureau, *, claims: bool = True) -> VerbSpec:
    return VerbSpec(Reason, _nothing, who, "test", "test", claims=claims)


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        (MOMENT, False),
        (MOMENT + timedelta(microseconds=1), True),
        (date(2026, 3, 2), False),
        (date(2026, 3, 3), True),
        (None, False),
    ],
)
def test_what_happened_does_not_lie_in_the_future_of_shanghai(said: Any, *, refused: bool) -> None:
    if not refused:
        steps.check_not_future("/paid_on", said, MOMENT)
        return
    with pytest.raises(InvalidInputError) as error:
        steps.check_not_future("/paid_on", said, MOMENT)
    assert [(fault.pointer, fault.code) for fault in error.value.errors] == [("/paid_on", "in-the-future")]


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        (AllowedBureau.HANDLER, {"C330100"}),
        (AllowedBureau.SUPERIOR, {"P330000", "N000000"}),
        (AllowedBureau.EITHER, {"C330100", "P330000", "N000000"}),
    ],
)
def test_a_verb_is_for_the_bureaus_that_its_row_names(
    who: AllowedBureau,
    allowed: set[str],
    received: Make,
    on: Callable[..., Any],
    desk: Callable[..., DeskSession],
    reference: ReferenceData,
) -> None:
    async def _may(step: StepContext) -> bool:
        try:
            steps.check_right(_verb(who), step.case, step.desk, reference)
        except NotYourCaseError:
            return False
        return True

    number = received()
    bureaus = ("C330100", "P330000", "N000000", "C330200", "P440000")
    assert {bureau for bureau in bureaus if on(number, _may, desk(bureau))} == allowed


def test_another_officers_case_is_overtaken_by_supervisors_and_by_what_claims_nothing(
    received: Make,
    act: Callable[..., Any],
    on: Callable[..., Any],
    desk: Callable[..., DeskSession],
    reference: ReferenceData,
) -> None:
    number = received()
    act(number, "claim")

    def _checked(verb: VerbSpec, by: DeskSession) -> None:
        async def _check(step: StepContext) -> None:
            steps.check_right(verb, step.case, step.desk, reference)

        on(number, _check, by)

    stranger, chief = desk(officer="wang.wei"), desk(officer="chen.jie", supervisor=True)
    with pytest.raises(ClaimedByAnotherError, match=r"C330100/li\.na"):
        _checked(_verb(AllowedBureau.HANDLER), stranger)
    _checked(_verb(AllowedBureau.HANDLER, claims=False), stranger)
    _checked(_verb(AllowedBureau.HANDLER), chief)
    _checked(_verb(AllowedBureau.HANDLER), desk())


def test_a_change_is_the_officers_and_starts_no_deadline_that_a_version_does_not_know(
    received: Make, on: Callable[..., Any]
) -> None:
    async def _change(step: StepContext) -> Any:
        return steps.change(step, NewEvent(EventKind.NOTE), starts=[None], stops=[DeadlineKind.CLAIM])

    change = on(received(), _change)
    assert (change.by, change.actor, list(change.starts)) == ("C330100/li.na", "REVIEWER", [])
    assert change.stops == [DeadlineKind.CLAIM]


def test_whether_a_deadline_of_the_case_has_passed(
    received: Make, on: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    number = received()

    def _passed(*keys: DeadlineKind) -> bool:
        answer: bool = on(number, lambda step: steps.has_passed(step, *keys))
        return answer

    assert not _passed(DeadlineKind.ACCEPTANCE, DeadlineKind.TOTAL)
    ask("UPDATE case_deadline SET due_at = clock_timestamp() WHERE key = 'acceptance'")
    assert _passed(DeadlineKind.ACCEPTANCE, DeadlineKind.TOTAL)
    assert not _passed(DeadlineKind.TOTAL)
    # one that has ended has not passed, however late it was
    ask("UPDATE case_deadline SET stopped_at = clock_timestamp(), outcome = 'LATE', next_check_at = NULL")
    assert not _passed(DeadlineKind.ACCEPTANCE)


def test_nobody_works_what_has_ended(received: Make, act: Callable[..., Any], on: Callable[..., Any]) -> None:
    async def _check(step: StepContext) -> None:
        steps.check_open(step)

    number = received()
    on(number, _check)
    act(number, "withdraw", reason="用户撤回")
    with pytest.raises(NotOpenError, match="WITHDRAWN"):
        on(number, _check)


def test_the_latest_reply_is_marked_untruthful_and_no_other(
    replied: Make, put_reply: Callable[..., None], on: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    number = replied()
    put_reply(number)
    assert on(number, steps.mark_reply_untruthful) == {"reply_untruthful": True}
    rows = ask("SELECT seq, untruthful FROM reply ORDER BY seq")
    assert [tuple(row) for row in rows] == [(1, False), (2, True)]
