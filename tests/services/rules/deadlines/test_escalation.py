"""Whom a step concerns and how far it raises a case, and from when on a stay is too long."""

from datetime import datetime, time, timedelta
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from services.rules import notices
from services.rules.deadlines import escalation
from services.rules.deadlines.calendar import SHANGHAI
from services.rules.deadlines.counting import civil_day
from services.rules.deadlines.escalation import EscalationRules, Seats, StepEffect
from services.rules.facts import Jurisdictions
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind, Level, Step
from tests.services.rules.deadlines.test_counting import TABLE

RULES = EscalationRules(
    effects=MappingProxyType(
        {
            "total": {Step.OVERDUE: StepEffect(Level.KEY, ("HANDLING", "SUPERVISING"))},
            "*": {Step.OVERDUE: StepEffect(None, ("HANDLING", "PROVINCE", "NATIONAL"))},
        }
    )
)
BOOK = Jurisdictions(
    national="N",
    bureaus=MappingProxyType({}),
    bureau_by_region=MappingProxyType({"330000": "P", "330100": "C"}),
    regions=MappingProxyType({}),
    max_bounces=2,
)
SEATS = Seats("C", "P", "330000")
NOBODY = Seats(None, None, "000000")


def _decided(
    key: str, step: Step, level: Level = Level.NORMAL, seats: Seats = SEATS
) -> tuple[Level, tuple[str, ...]]:
    outcome = escalation.decide(key, step, level, seats, RULES, BOOK)
    return outcome.level, outcome.notified_bureaus


def test_a_step_raises_and_tells_as_the_policy_says() -> None:
    # L2 is copied to the province, which is told once
    assert _decided("total", Step.OVERDUE) == (Level.KEY, ("C", "P"))
    assert _decided("claim", Step.OVERDUE) == (Level.NORMAL, ("C", "P", "N"))
    assert _decided("claim", Step.HALF) == (Level.NORMAL, ("C",))


def test_a_level_is_never_lowered() -> None:
    assert _decided("total", Step.OVERDUE, Level.CRITICAL)[0] is Level.CRITICAL


def test_a_case_that_nobody_has_comes_to_the_national_centre() -> None:
    assert _decided("claim", Step.HALF, seats=NOBODY)[1] == ("N",)
    assert escalation.recipients(("SUPERVISING",), NOBODY, BOOK) == ("N",)


def test_the_enterprise_is_reminded_of_its_own_deadlines_only() -> None:
    message = notices.TO_CARRIER[EventKind.DEADLINE_REMINDER]
    assert [key for key in DeadlineKind if message.concerns({"deadline": key})] == [
        DeadlineKind.ENTERPRISE_REPLY,
        DeadlineKind.REWORK_REPLY,
    ]
    assert notices.TO_CARRIER[EventKind.CLOSED].concerns({})


def test_a_stay_over_a_long_holiday() -> None:
    # 2026: worked are 30 September, 8, 9 and 10 October
    noon = datetime(2026, 10, 11, 12, tzinfo=SHANGHAI)
    assert escalation.dwells_before(noon, 3, TABLE.calendar) == datetime(2026, 10, 8, tzinfo=SHANGHAI)
    assert escalation.dwells_before(noon, 4, TABLE.calendar) == datetime(2026, 9, 30, tzinfo=SHANGHAI)


MOMENTS = st.datetimes(datetime(2026, 2, 1), datetime(2026, 12, 20), timezones=st.just(SHANGHAI))  # noqa: DTZ001 - hypothesis adds it


@given(MOMENTS, MOMENTS, st.integers(1, 15))
def test_a_stay_is_too_long_when_its_working_days_have_gone_by(
    since: datetime, now: datetime, days: int
) -> None:
    last, _ = TABLE.calendar.add_workdays(civil_day(since), days)
    over = datetime.combine(last + timedelta(days=1), time.min, tzinfo=SHANGHAI)
    assert (since < escalation.dwells_before(now, days, TABLE.calendar)) is (now >= over)
