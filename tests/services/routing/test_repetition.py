"""Repetitions in routing: what makes the same matter, and that it is proposed and not taken up."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from services.intake.preparation import Prepared

Prepare = Callable[..., Prepared]
Store = Callable[[Sequence[Prepared]], list[str]]
Case = Callable[[str], Any]
Record = Callable[..., dict[str, Any]]
WAYBILL = {"item": {"waybill": "75123456789012"}}


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "two batches"])
def test_a_second_case_of_a_waybill_is_repeated_and_proposed_as_duplicate(
    together: bool,  # noqa: FBT001 - a parameter of pytest
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    case_of: Case,
    record_of: Record,
) -> None:
    pair = [prepare(**WAYBILL), prepare(**WAYBILL)]
    if together:
        first, second = store(pair)
        route_all()
    else:
        [first] = store(pair[:1])
        route_all()
        [second] = store(pair[1:])
        route_all()
    assert (case_of(first).status, case_of(second).status) == ("FORWARDED", "RECEIVED")
    record = record_of(second)
    assert record["facts"]["same_matter_number"] == first
    assert record["level"]["triggers"] == ["REPEATED"]
    assert case_of(second).level == "L1"
    evidence = ["WAYBILL", "CAUSE", "PHONE"]
    assert record_of(second, "DUPLICATE_PROPOSED") == {"cases": [{"number": first, "evidence": evidence}]}
    assert record["admission"]["proposed_ground"] == "DUPLICATE"
    assert record_of(second, "WAITS_FOR_OFFICER")["proposed_ground"] == "DUPLICATE"
    assert record_of(first)["level"]["triggers"] == []


@pytest.mark.parametrize(
    ("changes", "repeated", "duplicate"),
    [
        ({}, True, True),
        ({"issue_code": "LOSS_SHORTAGE"}, True, False),
        ({"carrier_code": "YTO"}, False, False),
        ({"item": {"waybill": "75123456789013"}}, False, False),
        ({"item": {"waybill": " 7512 3456 7890 12 "}}, True, True),
        ({"item": {}}, False, False),
    ],
    ids=[
        "the same",
        "another issue",
        "another carrier",
        "another waybill",
        "written otherwise",
        "no waybill",
    ],
)
def test_what_makes_the_same_matter(
    changes: Mapping[str, Any],
    repeated: bool,  # noqa: FBT001 - a parameter of pytest
    duplicate: bool,  # noqa: FBT001 - a parameter of pytest
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    record_of: Record,
) -> None:
    _, second = store([prepare(**WAYBILL), prepare(**(WAYBILL | dict(changes)))])
    route_all()
    record = record_of(second)
    assert ("REPEATED" in record["level"]["triggers"]) is repeated
    assert (record["admission"]["proposed_ground"] == "DUPLICATE") is duplicate
