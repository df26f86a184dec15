"""Which link failed, by the scans: whole stories of items for each rule."""

import pytest

from services.rules.failing_link import inference
from tests.services.rules.items import (
    CLEAN,
    HANGZHOU,
    RULES,
    SHENZHEN,
    WUHAN,
    L,
    Story,
    T,
    infer,
    later,
    link_of,
)


@pytest.mark.parametrize(
    ("place", "link", "region"),
    [
        (1, L.COLLECT, SHENZHEN),
        (2, L.COLLECT, SHENZHEN),
        (3, L.LINEHAUL, SHENZHEN),
        (4, L.SORT, SHENZHEN),
        # the scan on the way has no place: the last one before it counts
        (5, L.LINEHAUL, SHENZHEN),
        (6, L.SORT, HANGZHOU),
        (7, L.DELIVERY, HANGZHOU),
        (8, L.DELIVERY, HANGZHOU),
    ],
)
def test_a_delay_belongs_to_the_link_that_held_the_item_too_long(place: int, link: L, region: str) -> None:
    inferred = infer(later(CLEAN, place, 100), "DELAY")
    assert link_of(inferred) == ("LK3", link, region)
    assert inferred.proposal is not None
    assert inferred.proposal.events == (f"e{place - 1}", f"e{place}")
    assert inferred.proposal.reason == "LONG_GAP"


def test_a_delay_without_a_long_gap_is_nobodys() -> None:
    inferred = infer(CLEAN, "DELAY")
    assert link_of(inferred) == (None, None, None)
    assert [(rule.rule, rule.outcome) for rule in inferred.tried] == [
        (row.id, "passed_over") for row in inference.RULES
    ]


def test_the_longer_the_surer_and_a_rival_makes_unsure() -> None:
    def sure(story: Story) -> int:
        proposal = infer(story, "DELAY").proposal
        assert proposal is not None
        return proposal.confidence

    once, twice = later(CLEAN, 4, 40), later(CLEAN, 4, 80)
    assert sure(once) < sure(twice) <= 90
    assert sure(later(once, 8, 40)) == sure(once) - 15
    # a scan of an unknown code says little of the gap that it lies in, and nothing of another
    assert sure([*once, (T.UNKNOWN, 30, None)]) == sure(once) - 10
    assert sure([*once, (T.UNKNOWN, 2, None)]) == sure(once)


def test_until_when_it_is_asked_a_gap_goes_on() -> None:
    story = CLEAN[:4]
    assert link_of(infer(story, "DELAY", after_hours=30)) == ("LK4", L.SORT, SHENZHEN)
    open_gap = infer(story, "DELAY", after_hours=14 + 96)
    assert link_of(open_gap) == ("LK3", L.SORT, SHENZHEN)
    assert open_gap.proposal is not None
    assert open_gap.proposal.reason == "LONG_OPEN_GAP"
    assert dict(open_gap.proposal.params) == {"hours": 96, "state": "AT_SORTING", "usual": 24}
    # what the scans say by themselves is where the item stands, weakly
    weak = infer(story, "DELAY").proposal
    assert weak is not None
    assert (weak.link, weak.confidence) == (L.SORT, 30)


def test_a_stage_that_the_user_names_goes_before_the_longest_gap() -> None:
    story = later(later(CLEAN, 4, 200), 8, 40)
    assert link_of(infer(story, "DELAY")) == ("LK3", L.SORT, SHENZHEN)
    assert link_of(infer(story, "DELAY", "DELIVERY_DELAY")) == ("LK2", L.DELIVERY, HANGZHOU)
    # nothing lasted too long there: then the longest gap of all
    assert link_of(infer(story, "DELAY", "PICKUP_DELAY")) == ("LK3", L.SORT, SHENZHEN)


def test_the_carriers_own_word_of_wrong_sorting_goes_first() -> None:
    story = sorted([*later(CLEAN, 5, 300), (T.EXCEPTION_MISSORTED, 40, WUHAN)], key=lambda scan: scan[1])
    assert link_of(infer(story, "DELAY", "TRANSIT_DELAY")) == ("LK1", L.SORT, WUHAN)


def test_time_in_a_locker_at_customs_and_on_the_way_back_is_no_delay() -> None:
    for state in (T.IN_LOCKER_OR_STATION, T.CUSTOMS, T.RETURNING, T.EXCEPTION_REFUSED):
        assert (
            link_of(infer([*CLEAN[:8], (state, 66, HANGZHOU), (T.SIGNED, 900, HANGZHOU)], "DELAY"))[0] is None
        )


def test_scans_that_place_nothing_do_not_part_a_gap() -> None:
    story: Story = [
        *CLEAN[:4],
        (T.EXCEPTION_SILENT, 34, None),
        (T.EXCEPTION, 54, None),
        (T.IN_TRANSIT, 74, WUHAN),
    ]
    proposal = infer(story, "DELAY").proposal
    assert proposal is not None
    assert (proposal.link, proposal.events) == (L.SORT, ("e3", "e6"))
    assert dict(proposal.params).items() >= {("hours", 60), ("state", "AT_SORTING")}


@pytest.mark.parametrize(
    ("scanned", "link"), [(3, L.LINEHAUL), (4, L.SORT), (5, L.LINEHAUL), (7, L.DELIVERY), (8, L.DELIVERY)]
)
def test_a_loss_belongs_where_the_trace_goes_silent(scanned: int, link: L) -> None:
    assert link_of(infer(CLEAN[:scanned], "LOSS_SHORTAGE"))[:2] == ("LK5", link)


def test_silence_is_surer_the_longer_it_lasts_and_where_the_carrier_says_so() -> None:
    def sure(story: Story, after_hours: float | None) -> int:
        proposal = infer(story, "LOSS_SHORTAGE", after_hours=after_hours).proposal
        assert proposal is not None
        return proposal.confidence

    story = CLEAN[:4]
    assert sure(story, 20) < sure(story, None) < sure(story, 14 + 48) < sure(story, 14 + 72) <= 90
    assert sure([*story, (T.EXCEPTION_SILENT, 30, None)], 14 + 48) == sure(story, 14 + 48) + 10


def test_what_lies_in_a_station_and_is_lost_was_lost_there() -> None:
    story: Story = [*CLEAN[:8], (T.IN_LOCKER_OR_STATION, 66, HANGZHOU)]
    assert link_of(infer(story, "LOSS_SHORTAGE", after_hours=500)) == ("LK5", L.STATION_LOCKER, HANGZHOU)


def test_what_was_signed_for_and_is_lost_was_lost_by_who_had_it_then() -> None:
    assert link_of(infer(CLEAN, "LOSS_SHORTAGE", "TOTAL_LOSS")) == ("LK6", L.DELIVERY, HANGZHOU)
    station: Story = [*CLEAN[:8], (T.IN_LOCKER_OR_STATION, 66, HANGZHOU), (T.SIGNED_BY_OTHER, 90, None)]
    assert link_of(infer(station, "LOSS_SHORTAGE")) == ("LK6", L.STATION_LOCKER, HANGZHOU)
    # scans tell of items, not of what is in them
    assert link_of(infer(CLEAN, "LOSS_SHORTAGE", "CONTENT_SHORTAGE"))[0] is None


def test_what_was_damaged_was_damaged_by_who_had_it_before_the_scan() -> None:
    story = sorted([*CLEAN, (T.EXCEPTION_DAMAGED, 16, WUHAN)], key=lambda scan: scan[1])
    assert link_of(infer(story, "DAMAGE")) == ("LK7", L.SORT, WUHAN)
    # after it was handed over nobody of the chain had it
    assert link_of(infer([*CLEAN, (T.EXCEPTION_DAMAGED, 90, None)], "DAMAGE"))[0] is None
    assert link_of(infer(CLEAN, "DAMAGE"))[0] is None


def test_a_dispute_over_compensation_is_one_with_the_enterprises_service() -> None:
    assert link_of(infer(CLEAN, "DAMAGE", "DAMAGE_COMP_AMOUNT")) == ("LK12", L.CUSTOMER_SERVICE, None)
    assert link_of(infer(CLEAN, "LOSS_SHORTAGE", "NOT_COMPENSATED")) == ("LK12", L.CUSTOMER_SERVICE, None)
    # a trace that breaks off still tells where the item was lost
    assert link_of(infer(CLEAN[:4], "LOSS_SHORTAGE", "NOT_COMPENSATED"))[1] is L.SORT


@pytest.mark.parametrize(
    ("detail", "story", "expected"),
    [
        (
            "LOCKER_NO_CONSENT",
            [*CLEAN[:8], (T.IN_LOCKER_OR_STATION, 66, None)],
            ("LK8", L.STATION_LOCKER, HANGZHOU),
        ),
        (None, [*CLEAN[:8], (T.IN_LOCKER_OR_STATION, 66, WUHAN)], ("LK8", L.STATION_LOCKER, WUHAN)),
        # it was fetched from there and brought
        (None, [*CLEAN[:7], (T.IN_LOCKER_OR_STATION, 58, None), *CLEAN[7:]], ("LK10", L.DELIVERY, HANGZHOU)),
        ("LOCKER_NO_CONSENT", CLEAN, (None, None, None)),
        ("FALSE_SIGN", CLEAN, ("LK9", L.DELIVERY, HANGZHOU)),
        (
            "PROXY_SIGN",
            [*CLEAN[:8], (T.SIGNED_AT_STATION, 66, HANGZHOU)],
            ("LK9", L.STATION_LOCKER, HANGZHOU),
        ),
        ("FALSE_SIGN", CLEAN[:6], (None, None, None)),
        ("NOT_TO_ADDRESS", CLEAN, ("LK10", L.DELIVERY, HANGZHOU)),
        ("ATTITUDE", CLEAN[:8], ("LK10", L.DELIVERY, HANGZHOU)),
        ("ATTITUDE", CLEAN[:5], (None, None, None)),
    ],
)
def test_trouble_at_delivery(
    detail: str | None, story: Story, expected: tuple[str | None, L | None, str | None]
) -> None:
    assert link_of(infer(story, "DELIVERY_SERVICE", detail)) == expected


def test_trouble_at_posting_belongs_to_the_collecting_outlet() -> None:
    assert link_of(infer(CLEAN, "OVERCHARGE")) == ("LK11", L.COLLECT, SHENZHEN)
    ordinary = infer(CLEAN, "ACCEPTANCE_SERVICE", "FALSE_PICKUP").proposal
    false = infer(later(CLEAN, 1, 48), "ACCEPTANCE_SERVICE", "FALSE_PICKUP").proposal
    assert ordinary is not None
    assert false is not None
    assert false.confidence > ordinary.confidence
    assert link_of(infer(CLEAN[4:], "OVERCHARGE"))[0] is None


def test_exactly_the_usual_time_is_not_too_long() -> None:
    limit = RULES.usual_hours[T.AT_SORTING]
    story: Story = [(T.AT_SORTING, 0, WUHAN), (T.SIGNED, limit, WUHAN)]
    assert infer(story, "DELAY").proposal is None
    assert infer([story[0], (T.SIGNED, limit + 1, WUHAN)], "DELAY").proposal is not None
