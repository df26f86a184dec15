"""The hotline's deadlines, its words for our states, and when an interim answer is due."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules import hotline
from services.rules.deadlines.calendar import SHANGHAI, WorkingCalendar
from services.rules.deadlines.counting import Timetable
from services.rules.deadlines.schedule import FIXED
from services.rules.facts import Region
from services.rules.hotline import FixedDeadline, HotlineDeadlineRule, OrderMarks, OrderState, RedoRefusal
from shared.vocabulary import CloseReason, DeadlineKind, Level, RefusalGround, RegionLevel, Status

# Monday 2026-03-02 to Friday 03-06 are worked, the weekend is not; so for ever
DAYS = {
    date(2026, 1, 1) + timedelta(days=n): (date(2026, 1, 1) + timedelta(days=n)).weekday() < 5
    for n in range(700)
}
TIMETABLE = Timetable(WorkingCalendar("test", DAYS))
REGIONS = {
    "440000": Region("440000", "广东省", RegionLevel.PROVINCE, None, "440000", None),
    "440100": Region("440100", "广州市", RegionLevel.CITY, "440000", "440000", "440100"),
    "440106": Region("440106", "天河区", RegionLevel.COUNTY, "440100", "440000", "440100"),
}
MONDAY = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)


def _limit(amount: int, unit: str = "workday") -> HotlineDeadlineRule:
    return HotlineDeadlineRule(amount, unit, "somewhere [P]")


@pytest.mark.parametrize(
    ("region", "rule", "amount"),
    [
        ("440106", "440106/HELP", 1),
        ("440100", "440100/HELP", 2),
        ("440000", "440000/HELP", 3),
        ("110000", "000000/HELP", 4),
        ("999999", "000000/HELP", 4),
    ],
)
def test_a_region_has_its_own_deadline_or_that_of_who_stands_above(
    region: str, rule: str, amount: int
) -> None:
    deadlines = {
        ("440106", "HELP"): _limit(1),
        ("440100", "HELP"): _limit(2),
        ("440000", "HELP"): _limit(3),
        ("000000", "HELP"): _limit(4),
    }
    assert hotline.deadline_for(region, "HELP", deadlines, REGIONS) == FixedDeadline(rule, amount, "workday")


def test_where_nothing_is_known_nothing_runs() -> None:
    assert hotline.deadline_for("440106", "HELP", {}, REGIONS) is None
    # how long material is kept is no deadline of an order
    assert hotline.deadline_for("440106", "HELP", {("000000", "HELP"): _limit(1, "year")}, REGIONS) is None


def test_a_deadline_in_working_days_and_its_interim_answer() -> None:
    begun = hotline.begin(
        DeadlineKind.HOTLINE_ANSWER, FixedDeadline("440000/HELP", 5, "workday"), MONDAY, TIMETABLE
    )
    assert begun.started.due_at == datetime(2026, 3, 10, tzinfo=SHANGHAI)
    assert (begun.started.rule, begun.started.deadline_version) == ("440000/HELP", hotline.VERSION)
    # the morning of the last working day
    assert begun.interim_at == datetime(2026, 3, 9, 8, 30, tzinfo=SHANGHAI)


def test_a_moment_that_the_order_brings_is_taken_as_it_is() -> None:
    due = datetime(2026, 3, 7, 15, tzinfo=SHANGHAI)
    begun = hotline.begin(
        DeadlineKind.HOTLINE_ANSWER, FixedDeadline("order", 0, FIXED, due), MONDAY, TIMETABLE
    )
    assert (begun.started.due_at, begun.started.unit, begun.started.provisional) == (due, FIXED, False)
    assert begun.interim_at == datetime(2026, 3, 6, 8, 30, tzinfo=SHANGHAI)


def test_a_deadline_too_short_for_a_last_morning_is_answered_at_four_fifths() -> None:
    begun = hotline.begin(DeadlineKind.HOTLINE_ANSWER, FixedDeadline("order", 5, "hour"), MONDAY, TIMETABLE)
    assert begun.interim_at == MONDAY + timedelta(hours=4)


@given(
    st.datetimes(datetime(2026, 1, 5), datetime(2026, 12, 20)),  # noqa: DTZ001 - made aware below
    st.integers(1, 30),
    st.sampled_from(["workday", "day", "hour", "office_hour", FIXED]),
)
def test_an_interim_answer_always_comes_before_the_end(at: datetime, amount: int, unit: str) -> None:
    started = at.replace(tzinfo=SHANGHAI)
    due = started + timedelta(hours=amount) if unit == FIXED else None
    begun = hotline.begin(
        DeadlineKind.HOTLINE_ANSWER, FixedDeadline("order", amount, unit, due), started, TIMETABLE
    )
    assert started < begun.interim_at < begun.started.due_at


PLAIN = OrderMarks(signed=True, returned=False, finished=False, withdrawn=False, redone=False)


def test_every_status_has_a_state_and_every_state_a_name() -> None:
    assert set(hotline.STATES) == set(Status)
    assert set(hotline.NAMES) == set(OrderState)
    assert set(hotline.RETURNED_FOR) == set(RefusalGround)
    assert {hotline.state_of(status, PLAIN) for status in Status} == {
        OrderState.HANDLING,
        OrderState.RETURNED,
        OrderState.ANSWERED,
        OrderState.WITHDRAWN,
    }


@pytest.mark.parametrize(
    ("status", "marks", "state"),
    [
        (Status.RECEIVED, PLAIN._replace(signed=False), OrderState.WAITING),
        (Status.RECEIVED, PLAIN, OrderState.HANDLING),
        (Status.ACCEPTED, PLAIN._replace(signed=False), OrderState.HANDLING),
        (Status.REWORK, PLAIN._replace(redone=True), OrderState.REDOING),
        (Status.CLOSED, PLAIN._replace(redone=True), OrderState.ANSWERED),
        (Status.CLOSED, PLAIN._replace(finished=True), OrderState.FINISHED),
        (Status.FORWARDED, PLAIN._replace(returned=True), OrderState.RETURNED),
        (Status.REFUSED, PLAIN._replace(returned=True, finished=True), OrderState.FINISHED),
        (Status.FORWARDED, PLAIN._replace(withdrawn=True, finished=True), OrderState.WITHDRAWN),
    ],
)
def test_what_was_done_with_the_order_goes_before_its_case(
    status: Status, marks: OrderMarks, state: OrderState
) -> None:
    assert hotline.state_of(status, marks) is state


def test_a_case_is_done_again_once_unless_a_court_has_it() -> None:
    assert hotline.redo_refused(0, CloseReason.SETTLED) is None
    assert hotline.redo_refused(1, CloseReason.SETTLED) is RedoRefusal.REDONE_BEFORE
    assert hotline.redo_refused(0, CloseReason.IN_OTHER_PROCEDURE) is RedoRefusal.IN_OTHER_PROCEDURE


def test_the_light_raises_and_never_lowers() -> None:
    assert list(hotline.LEVELS.values()) == [Level.NORMAL, Level.ATTENTION, Level.KEY]


def test_the_interim_answer_names_bureau_state_and_the_last_day_of_the_law() -> None:
    total = datetime(2026, 4, 2, tzinfo=SHANGHAI)
    words = hotline.interim_words("杭州市邮政管理局", "已转办", total, MONDAY)
    assert "杭州市邮政管理局" in words
    assert "已转办" in words
    # the deadline ends at 24:00 of the day before the moment at which it has run out
    assert "2026年4月1日" in words
    late = hotline.interim_words("杭州市邮政管理局", "已转办", total, total)
    assert "4月1日" not in late
    assert "已届满" in late
