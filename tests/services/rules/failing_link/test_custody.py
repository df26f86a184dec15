"""The way of an item, parted by its scans: who has it in each stretch, where, how long, and what is too long."""

from datetime import timedelta

import pytest

from services.rules.failing_link import custody
from services.rules.failing_link.custody import HELD_BY, NOBODYS, Stretch
from services.rules.tracking import TraceState
from shared.vocabulary import FailingLink
from tests.services.rules.items import HANGZHOU, RULES, SHENZHEN, START, L, Story, T, scans

HOUR = timedelta(hours=1)


def _stretches(story: Story, *, until: float | None = None) -> tuple[Stretch, ...]:
    return custody.stretches(scans(story), RULES, START + until * HOUR if until is not None else None)


def test_a_stretch_lasts_from_one_placing_scan_to_the_next() -> None:
    first, second, last = _stretches(
        [(T.COLLECTED, 0, SHENZHEN), (T.IN_TRANSIT, 30, None), (T.AT_OUTLET, 40, HANGZHOU)], until=41
    )
    assert (first.link, first.region, first.lasted) == (L.COLLECT, SHENZHEN, 30 * HOUR)
    # where it is while nobody says: where it was
    assert (second.link, second.region, second.lasted) == (L.LINEHAUL, SHENZHEN, 10 * HOUR)
    assert (last.link, last.after, last.lasted) == (L.DELIVERY, None, HOUR)
    assert (first.excess, second.excess, last.excess) == (6 * HOUR, timedelta(0), timedelta(0))


def test_a_scan_that_only_says_that_something_is_wrong_leaves_the_item_where_it_is() -> None:
    (stretch,) = _stretches([(T.AT_SORTING, 0, SHENZHEN), (T.EXCEPTION_HELD, 5, None)], until=30)
    assert (stretch.link, stretch.lasted, stretch.unclear) == (L.SORT, 30 * HOUR, False)


def test_a_code_that_is_not_known_makes_its_stretch_unclear_and_no_other() -> None:
    first, second = _stretches([(T.AT_SORTING, 0, SHENZHEN), (T.UNKNOWN, 5, None), (T.IN_TRANSIT, 6, None)])
    assert (first.unclear, second.unclear) == (True, False)


@pytest.mark.parametrize("state", [T.CUSTOMS, T.RETURNING, T.SIGNED, T.EXCEPTION_REFUSED])
def test_what_nobody_of_ours_has_ends_a_stretch_and_begins_none(state: TraceState) -> None:
    (stretch,) = _stretches([(T.OUT_FOR_DELIVERY, 0, HANGZHOU), (state, 4, HANGZHOU)], until=100)
    assert (stretch.link, stretch.lasted) == (L.DELIVERY, 4 * HOUR)


def test_an_open_stretch_without_a_moment_to_ask_has_no_length() -> None:
    (stretch,) = _stretches([(T.AT_OUTLET, 0, HANGZHOU)])
    assert (stretch.lasted, stretch.excess) == (None, timedelta(0))
    # asked before the scan, by a clock that goes wrong: no length below zero
    (stretch,) = _stretches([(T.AT_OUTLET, 5, HANGZHOU)], until=1)
    assert stretch.lasted == timedelta(0)


def test_how_long_an_item_waits_in_a_locker_is_the_users_affair() -> None:
    (stretch,) = _stretches([(T.IN_LOCKER_OR_STATION, 0, HANGZHOU)], until=1_000)
    assert (stretch.link, stretch.usual, stretch.excess) == (FailingLink.STATION_LOCKER, None, timedelta(0))


def test_no_scans_no_stretch_and_every_state_is_held_or_not() -> None:
    assert _stretches([]) == ()
    assert not HELD_BY.keys() & NOBODYS
    assert {state for state in TraceState if custody.places(state)} == HELD_BY.keys() | NOBODYS
    assert not custody.places(T.UNKNOWN)
