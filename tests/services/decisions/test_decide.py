"""One decision: bureau, level and admission from the same facts; a case is taken up only where both are certain."""

from collections.abc import Callable
from typing import Any

import pytest

from services.decisions import decide
from services.reference.data import ReferenceData
from services.rules.facts import CaseFacts
from shared.vocabulary import EnterpriseOutcome, Level, RefusalGround, Urgency

Facts = Callable[..., CaseFacts]
HERE = {"issue_code": "DELIVERY_SERVICE", "delivery_region": "330106"}


@pytest.mark.parametrize(
    ("changes", "passed", "triage", "admits"),
    [
        ({}, True, False, True),
        ({"enterprise_outcome": EnterpriseOutcome.NOT_COMPLAINED}, False, False, False),
        # every check passed, and nobody knows whose it is
        ({"delivery_region": None, "complainant_region": "330106"}, True, True, False),
        ({"delivery_region": None, "enterprise_outcome": None}, False, True, False),
    ],
)
def test_a_case_is_taken_up_where_the_checks_passed_and_the_place_is_certain(
    changes: dict[str, Any],
    *,
    passed: bool,
    triage: bool,
    admits: bool,
    facts: Facts,
    packaged: ReferenceData,
) -> None:
    decision = decide.route(facts(**(HERE | changes)), packaged)
    assert (decision.admission.passed, decision.placed.triage) == (passed, triage)
    assert decision.admits is admits


def test_copies_go_by_the_level_and_the_bureau_of_the_same_decision(
    facts: Facts, packaged: ReferenceData
) -> None:
    decision = decide.route(facts(**HERE, urgency=(Urgency.DEATH,)), packaged)
    assert (decision.placed.handling, decision.level.decision.level) == ("C330100", Level.CRITICAL)
    assert decision.level.copied_to == ("P330000", "N000000")
    # who handles it gets no copy
    away = decide.route(facts(issue_code="OTHER", urgency=(Urgency.DEATH,)), packaged)
    assert (away.placed.handling, away.level.copied_to) == ("N000000", ())
    assert decide.route(facts(**HERE), packaged).level.copied_to == ()


def test_history_is_placed_as_a_live_case_is(facts: Facts, packaged: ReferenceData) -> None:
    assert decide.place(facts(**HERE), packaged) == decide.route(facts(**HERE), packaged).placed


def test_conditions_are_weighed_again_by_the_same_checks(facts: Facts, packaged: ReferenceData) -> None:
    lacking = facts(**HERE, has_cause_and_request=False)
    assert decide.readmit(lacking, packaged) == decide.route(lacking, packaged).admission
    assert decide.readmit(lacking, packaged).proposed_ground is RefusalGround.MISSING_ELEMENTS
    assert decide.readmit(facts(**HERE), packaged).passed
