"""What the verbs of the desk may be refused with, by verb."""

import pytest

from intake_api.desk import describing
from services.desk.verbs import VERBS


def _codes(verb: str) -> set[str]:
    return {each.error.code for each in describing.changing(verb, claims=VERBS[verb].claims)}


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_may_be_refused_for_the_version_the_officer_and_the_case(verb: str) -> None:
    assert {"version-required", "version-mismatch", "unknown-officer", "not-found"} <= _codes(verb)


def test_a_verb_that_moves_the_case_is_refused_by_the_table_of_states() -> None:
    assert {"illegal-move", "conditions-not-met", "claimed-by-another"} <= _codes("close")
    assert "illegal-move" not in _codes("note")


def test_a_verb_that_is_for_the_officer_of_the_case_alone_says_so() -> None:
    assert "claimed-by-another" in _codes("release")
    assert "claimed-by-another" not in _codes("note")


def test_what_is_said_of_a_verb_of_its_own_is_said_of_a_verb() -> None:
    assert describing.OWN.keys() <= VERBS.keys()
