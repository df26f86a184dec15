"""Repetitions that are proposed: the same item, cause and person; a citation alone proves nothing."""

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]
Ask = Callable[..., list[Any]]
ITEM = {"item": {"waybill": "75123456789012"}}


@pytest.fixture
def pair(forwarded: Make, received: Make) -> tuple[str, str]:
    """Return a case that is with the enterprise, and a later one of the same item, cause and person."""
    return forwarded(**ITEM), received(**ITEM)


def _candidates(ask: Ask) -> list[tuple[Any, ...]]:
    rows = ask(
        "SELECT c.number, o.number, d.evidence, d.state FROM duplicate_candidate d "
        "JOIN complaint c ON c.id = d.complaint_id JOIN complaint o ON o.id = d.other_id"
    )
    return [tuple(row) for row in rows]


def test_a_repetition_is_proposed_with_its_evidence_and_merged_by_nobody(
    pair: tuple[str, str], ask: Ask, case_of: Case, events_of: Rows, merge_proven: Callable[[], int]
) -> None:
    first, second = pair
    assert _candidates(ask) == [(second, first, ["WAYBILL", "CAUSE", "PHONE"], "PROPOSED")]
    event = next(event for event in events_of(second) if event.kind == "DUPLICATE_PROPOSED")
    assert event.data == {"cases": [{"number": first, "evidence": ["WAYBILL", "CAUSE", "PHONE"]}]}
    assert merge_proven() == 0
    assert case_of(second).status == "RECEIVED"


@pytest.mark.parametrize(
    "changes",
    [
        {"complainant": {"name": "李四", "phone": "13900139000", "role": "ADDRESSEE"}},
        {"issue_code": "DELAY"},
        {"carrier_code": "YTO"},
        {"item": {"waybill": "75123456789013"}},
    ],
    ids=["another person", "another cause", "another enterprise", "another item"],
)
def test_what_is_not_the_same_matter_is_not_proposed(
    changes: dict[str, Any], forwarded: Make, received: Make, ask: Ask
) -> None:
    forwarded(**ITEM)
    received(**(ITEM | changes))
    assert _candidates(ask) == []


def test_to_name_a_case_proves_nothing_without_item_cause_and_person(
    forwarded: Make, received: Make, case_of: Case, merge_proven: Callable[[], int]
) -> None:
    first = forwarded(**ITEM)
    stranger = {"complainant": {"name": "李四", "phone": "13900139000", "role": "ADDRESSEE"}}
    second = received(**ITEM, **stranger, cites=first)
    third = received(cites=first)
    assert merge_proven() == 0
    assert {case_of(number).status for number in (second, third)} == {"RECEIVED"}


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("transfer", {"office": "12315", "reason": "商品质量纠纷"}),
        ("refuse", {"ground": "TIME_BARRED", "legal_basis": "2014 art. 9(6)", "reason": "已超过一年。"}),
    ],
)
def test_what_was_not_taken_up_stands_in_nobodys_way(
    verb: str, form: dict[str, str], received: Make, act: Callable[..., Any], ask: Ask
) -> None:
    act(received(**ITEM), verb, **form)
    # while another one that is open makes it worth a look
    received(**ITEM, issue_code="DELAY")
    received(**ITEM)
    assert _candidates(ask) == []
