"""Each kind of case has its own rules, and a kind that there is not has none."""

import pytest

from services.rules import kinds
from services.rules.kinds import KINDS
from services.rules.notices import TO_CARRIER, TO_HOTLINE
from services.rules.states.complaints import CONSUMER_COMPLAINTS
from shared.vocabulary import CaseKind


def test_every_kind_has_a_table_and_audiences() -> None:
    assert KINDS.keys() == set(CaseKind)
    for rules in KINDS.values():
        assert rules.states.moves
        assert rules.states.deadlines


def test_a_consumer_complaint_has_the_table_and_the_notices_of_complaints() -> None:
    # as it is stored: the value of the enum
    assert kinds.states_of("CONSUMER_COMPLAINT") is CONSUMER_COMPLAINTS
    rules = KINDS[CaseKind.CONSUMER_COMPLAINT]
    assert (rules.notices.to_carrier, rules.notices.to_hotline) == (TO_CARRIER, TO_HOTLINE)


def test_a_kind_that_there_is_not_has_no_rules() -> None:
    with pytest.raises(KeyError):
        kinds.states_of("COURIER_DISPUTE")
