"""When two cases are one matter: the same item, cause and person within the window; a citation alone proves nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.rules import duplicates
from services.rules.duplicates import ComparedCase, DuplicateRules, DuplicateVerdict, Sign

RULES = DuplicateRules()
RECEIVED = datetime(2026, 3, 2, tzinfo=UTC)
EARLIER = ComparedCase(RECEIVED, "ZTO", "DELIVERY_SERVICE", "FALSE_SIGNING", b"item", b"phone", None)
LATER = EARLIER._replace(received_at=RECEIVED + timedelta(days=3))
P, A = DuplicateVerdict.PROPOSED, DuplicateVerdict.APART


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, P),
        ({"issue_detail_code": None}, P),
        ({"issue_detail_code": "OTHER_DETAIL"}, A),
        ({"issue_code": "DELAY"}, A),
        ({"carrier_code": "YTO"}, A),
        ({"waybill": b"another"}, A),
        ({"waybill": None}, A),
        ({"phone": b"another"}, A),
        ({"phone": None}, A),
        ({"received_at": RECEIVED + timedelta(days=60)}, P),
        ({"received_at": RECEIVED + timedelta(days=60, seconds=1)}, A),
        # a receipt may be declared before the other one's
        ({"received_at": RECEIVED - timedelta(days=60)}, P),
        ({"received_at": RECEIVED - timedelta(days=60, seconds=1)}, A),
    ],
)
def test_item_cause_and_person_within_the_window_are_proposed(
    changes: dict[str, Any], verdict: DuplicateVerdict
) -> None:
    assert duplicates.compare(LATER._replace(**changes), EARLIER, RULES).verdict is verdict


def test_what_neither_case_tells_is_no_evidence() -> None:
    # two cases without a waybill, a phone and an identity do not have them in common
    empty: dict[str, Any] = {"waybill": None, "phone": None, "identity": None}
    compared = duplicates.compare(LATER._replace(**empty), EARLIER._replace(**empty), RULES, cited=True)
    assert compared == (A, (Sign.CAUSE, Sign.CITED))


def test_an_identity_is_a_person_too() -> None:
    theirs = EARLIER._replace(phone=b"old phone", identity=b"person")
    mine = LATER._replace(phone=b"new phone", identity=b"person")
    assert duplicates.compare(mine, theirs, RULES) == (P, (Sign.WAYBILL, Sign.CAUSE, Sign.IDENTITY))


def test_a_citation_proves_what_would_be_proposed_and_nothing_else() -> None:
    proven = duplicates.compare(LATER, EARLIER, RULES, cited=True)
    assert proven == (DuplicateVerdict.PROVEN, (Sign.WAYBILL, Sign.CAUSE, Sign.PHONE, Sign.CITED))
    stranger = LATER._replace(phone=b"another")
    assert duplicates.compare(stranger, EARLIER, RULES, cited=True).verdict is A


def test_the_window_is_that_of_the_rules() -> None:
    assert duplicates.compare(LATER, EARLIER, DuplicateRules("T1", 2)).verdict is A
    assert duplicates.compare(LATER, EARLIER, DuplicateRules("T1", 3)).verdict is P
