"""What other cases tell of one: a stoppage over provinces, and what does not count as one."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from services.intake.preparation import IntakeContext, Prepared

Prepare = Callable[..., Prepared]
Store = Callable[[Sequence[Prepared]], list[str]]
Case = Callable[[str], Any]
Record = Callable[..., dict[str, Any]]


def _stoppage(prepare: Prepare, region: str, **changes: Any) -> Prepared:
    return prepare(urgency=["NETWORK_STOPPAGE"], addressee={"region_code": region}, **changes)


def test_a_stoppage_in_three_provinces_is_led_by_the_national_centre(
    prepare: Prepare, store: Store, route_all: Callable[..., int], case_of: Case, record_of: Record
) -> None:
    numbers = store([_stoppage(prepare, region) for region in ("330106", "310101", "440103")])
    route_all()
    first, second, third = (case_of(number) for number in numbers)
    assert (first.supervising_bureau, second.supervising_bureau) == ("P330000", "N000000")
    assert third.handling_bureau == "C440100"
    assert (third.supervising_bureau, third.level) == ("N000000", "L3")
    record = record_of(numbers[2])
    assert record["facts"]["provinces_hit"] == 3
    assert record["jurisdiction"]["tried"][-1][0] == "R8"
    assert record_of(numbers[0])["facts"]["provinces_hit"] == 1


def test_a_stoppage_without_a_place_is_handled_by_the_national_centre(
    prepare: Prepare, store: Store, route_all: Callable[..., int], case_of: Case, record_of: Record
) -> None:
    store([_stoppage(prepare, region) for region in ("330106", "310101", "440103")])
    [number] = store([prepare(urgency=["NETWORK_STOPPAGE"], addressee={})])
    route_all()
    assert record_of(number)["jurisdiction"]["rule"] == "R8"
    assert (case_of(number).handling_bureau, case_of(number).triage) == ("N000000", False)


def test_what_does_not_count_as_one_stoppage(
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    record_of: Record,
    intake_context: IntakeContext,
) -> None:
    week_ago = (intake_context.now - timedelta(days=7, hours=2)).isoformat()
    numbers = store(
        [
            _stoppage(prepare, "330106"),
            _stoppage(prepare, "310101", carrier_code="YTO"),
            _stoppage(prepare, "320102", received_at=week_ago),
            prepare(addressee={"region_code": "440103"}),
            _stoppage(prepare, "110105"),
        ]
    )
    route_all()
    assert record_of(numbers[-1])["facts"]["provinces_hit"] == 2
