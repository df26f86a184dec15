"""Every code has a meaning, an unknown one is kept, and what scans say together depends on nothing but themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules import tracking
from services.rules.failing_link import custody
from services.rules.tracking import KDNIAO, S10, Scan, System, TraceState

T = TraceState
START = datetime(2026, 3, 2, tzinfo=UTC)
# the 41 states of Kdniao, as published with its client
BASIC = {"0", "1", "10", "2", "3", "4", "5", "6"}
DETAILED = {
    "2": ("201", "202", "204", "205", "206", "211"),
    "3": ("301", "302", "304", "311"),
    "4": (
        "401",
        "402",
        "403",
        "404",
        "405",
        "406",
        "407",
        "412",
        "413",
        "414",
        "415",
        "416",
        "417",
        "418",
        "419",
        "420",
        "421",
        "422",
        "423",
    ),
    "6": ("601", "602", "603", "604"),
}


def test_every_state_of_kdniao_is_mapped() -> None:
    assert set(KDNIAO) == BASIC | {code for codes in DETAILED.values() for code in codes}
    assert len(KDNIAO) == 41
    assert all(meaning.state is not T.UNKNOWN for meaning in KDNIAO.values())


@pytest.mark.parametrize(("basic", "state"), [("3", tracking.SIGNED), ("2", None), ("4", None)])
def test_detailed_states_are_kinds_of_their_basic_one(basic: str, state: frozenset[T] | None) -> None:
    states = {KDNIAO[code].state for code in DETAILED[basic]}
    if state is not None:
        assert states == state
    else:
        assert not states & tracking.SIGNED


def test_every_event_of_the_upu_is_mapped() -> None:
    # EMSEVT V3: the six letters that each stage has
    assert {"EMA", "EMB", "EMC", "EMD", "EME", "EMF", "EMG", "EMH", "EMI", "EMJ", "EMK"} <= set(S10)
    assert len(S10) == 25
    assert (S10["EMI"].state, S10["EMH"].state) == (T.SIGNED, T.EXCEPTION_DELIVERY)


@pytest.mark.parametrize("system", System)
def test_an_unknown_code_is_unknown_and_no_fault(system: System) -> None:
    assert tracking.state_of(system, "987") is T.UNKNOWN


def test_our_own_states_are_codes_too() -> None:
    assert {tracking.state_of(System.SHENSU, state) for state in T} == set(T)


def test_each_state_is_held_by_a_link_or_by_nobody_or_tells_no_place() -> None:
    telling_nothing = {state for state in T if not custody.places(state)}
    assert telling_nothing == {
        T.UNKNOWN,
        T.NONE,
        T.EXCEPTION,
        T.EXCEPTION_SILENT,
        T.EXCEPTION_HELD,
        T.EXCEPTION_DAMAGED,
    }
    assert not custody.NOBODYS & custody.HELD_BY.keys()


def scan(number: int, state: T, hours: float, *, seq: int = 0) -> Scan:
    return Scan(START + timedelta(hours=hours), seq, f"e{number}", state)


def test_the_last_scan_that_tells_something_tells_where_the_item_is() -> None:
    scans = tracking.in_order(
        [scan(4, T.UNKNOWN, 9), scan(1, T.COLLECTED, 1), scan(3, T.NONE, 8), scan(2, T.AT_SORTING, 7)]
    )
    assert tracking.summary(scans) == (T.AT_SORTING, START + timedelta(hours=9), 4, 1)


def test_of_one_moment_the_senders_order_counts_and_then_the_number() -> None:
    scans = [
        scan(1, T.SIGNED, 1, seq=2),
        scan(2, T.OUT_FOR_DELIVERY, 1, seq=1),
        scan(3, T.AT_OUTLET, 1, seq=1),
    ]
    assert [scan.event_id for scan in tracking.in_order(scans)] == ["e2", "e3", "e1"]
    assert tracking.summary(tracking.in_order(scans)).state is T.SIGNED


@pytest.mark.parametrize(("state", "message"), [(T.UNKNOWN, T.UNKNOWN), (T.NONE, T.NONE)])
def test_scans_that_tell_nothing_say_so(state: T, message: T) -> None:
    assert tracking.summary(tracking.in_order([scan(1, state, 1)])).state is message


SCANS = st.lists(
    st.builds(scan, st.integers(0, 30), st.sampled_from(T), st.integers(0, 400), seq=st.integers(0, 2)),
    min_size=1,
    max_size=20,
    unique_by=lambda scan: scan.event_id,
)


@given(SCANS, st.randoms(use_true_random=False), st.integers(1, 4))
def test_neither_order_nor_repetition_changes_what_scans_say(
    scans: list[Scan], random: object, times: int
) -> None:
    mixed = scans * times
    getattr(random, "shuffle")(mixed)  # noqa: B009 - hypothesis gives any of its random sources
    assert tracking.in_order(mixed) == tracking.in_order(scans)
    assert tracking.summary(tracking.in_order(mixed)) == tracking.summary(tracking.in_order(scans))
