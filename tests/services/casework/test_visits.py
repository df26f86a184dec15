"""Return visits: who was not reached said nothing, and what several visits verify together."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from services.casework import visits as visits_of
from services.casework.visits import DESK, HOTLINE, SECOND_CALL, StoredVisit, Verified
from services.desk.perform import VerbOutcome
from services.rules.deadlines.schedule import DeadlineRules

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
REPLIED, HOUR = datetime(2026, 3, 2, tzinfo=UTC), timedelta(hours=1)


def test_who_was_not_reached_said_nothing(replied: Make, act: Act) -> None:
    with pytest.raises(ValueError, match="not reached"):
        act(replied(), "visit", reached=False, account_matches=True)


def _visit(
    hours: float, *, reached: bool = False, matches: bool | None = None, source: str = DESK
) -> StoredVisit:
    return StoredVisit(1, REPLIED + hours * HOUR, "tests", source, reached, matches, None, None, None)


@pytest.mark.parametrize(
    ("visits", "verified"),
    [
        ([], Verified()),
        ([_visit(1, reached=True, matches=True)], Verified(reached=True, matches=True)),
        ([_visit(1, reached=True)], Verified(reached=True)),
        # the last answer counts
        (
            [_visit(1, reached=True, matches=True), _visit(2, reached=True, matches=False)],
            Verified(reached=True),
        ),
        # what was said before the reply, or to the hotline, verifies no reply
        ([_visit(-1, reached=True, matches=True)], Verified()),
        ([_visit(1, reached=True, matches=True, source=HOTLINE)], Verified()),
        ([_visit(0, reached=True, matches=True)], Verified(reached=True, matches=True)),
        ([_visit(1), _visit(5)], Verified(unreachable=True)),
        ([_visit(1), _visit(4.99)], Verified()),
        ([_visit(1)], Verified()),
        ([_visit(-9), _visit(1)], Verified()),
        ([_visit(1), _visit(5), _visit(6, reached=True)], Verified(reached=True)),
    ],
)
def test_what_the_visits_since_the_last_reply_verify(visits: list[StoredVisit], verified: Verified) -> None:
    assert visits_of.verified(visits, REPLIED, SECOND_CALL) == verified


def test_without_a_reply_every_visit_counts() -> None:
    assert visits_of.verified([_visit(-9, reached=True)], None, SECOND_CALL).reached


@pytest.mark.parametrize(
    ("amounts", "hours"),
    [({}, 4), ({"second_call": (6, "hour")}, 6), ({"second_call": (1, "workday")}, 4)],
)
def test_the_second_call_waits_as_long_as_the_rules_say(
    amounts: dict[str, tuple[int, str]], hours: int
) -> None:
    needed = {"acceptance": (5, "workday"), "total": (30, "day")}
    rules = DeadlineRules("T1", needed | amounts, roll_forward=True)
    assert visits_of.wait_before_second(rules) == hours * HOUR
