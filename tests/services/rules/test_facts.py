"""The stored form of a rule that was tried."""

from services.rules.facts import Tried


def test_a_tried_rule_is_stored_with_its_outcome_and_reason() -> None:
    assert Tried("R2", "matched", "place of the dispute").as_json() == {
        "rule": "R2",
        "outcome": "matched",
        "note": "place of the dispute",
    }
