"""Where a case goes that is sent on: a superior sends it anywhere; between equals two bounces are enough."""

import dataclasses

import pytest

from services.rules.facts import Jurisdictions
from services.rules.jurisdiction import reassignment


@pytest.mark.parametrize(
    ("handling", "target", "by_superior", "rule", "bounces"),
    [
        ("C330100", "C440300", False, "BOUNCE", True),
        ("C330100", "C440300", True, "SUPERIOR", False),
        # a province that handles a case itself is above its city, and the centre above all
        ("P330000", "C330100", False, "SUPERIOR", False),
        ("N", "C330100", False, "SUPERIOR", False),
        ("C330100", "P330000", False, "BOUNCE", True),
        (None, "C330100", False, "BOUNCE", True),
    ],
)
def test_who_is_above_bounces_nothing(
    handling: str | None,
    target: str,
    by_superior: bool,  # noqa: FBT001 - a parameter of pytest
    rule: str,
    bounces: bool,  # noqa: FBT001 - a parameter of pytest
    reference: Jurisdictions,
) -> None:
    went = reassignment.reassign(handling, target, 0, reference, by_superior=by_superior)
    assert (went.seat.handling, went.rule, went.bounces) == (target, rule, bounces)


@pytest.mark.parametrize(
    ("handling", "target", "superior", "supervising"),
    [
        ("C440300", "C441900", "P440000", "N"),
        ("C330100", "C440300", "N", "N"),
        ("C440300", "P440000", "N", "N"),
        (None, "C440300", "N", "N"),
        ("C999999", "C440300", "N", "N"),
    ],
)
def test_the_third_time_the_common_superior_gets_the_case(
    handling: str | None, target: str, superior: str, supervising: str, reference: Jurisdictions
) -> None:
    assert reassignment.reassign(handling, target, 1, reference, by_superior=False).rule == "BOUNCE"
    went = reassignment.reassign(handling, target, 2, reference, by_superior=False)
    assert (went.seat.handling, went.seat.supervising) == (superior, supervising)
    assert (went.rule, went.bounces) == ("BOUNCES", True)
    # a superior decides whatever was bounced before
    assert reassignment.reassign(handling, target, 9, reference, by_superior=True).seat.handling == target


def test_how_many_bounces_are_enough_is_configuration(reference: Jurisdictions) -> None:
    never = dataclasses.replace(reference, max_bounces=0)
    assert reassignment.reassign("C440300", "C441900", 0, never, by_superior=False).rule == "BOUNCES"


def test_superiors_are_yielded_the_nearest_first(reference: Jurisdictions) -> None:
    assert list(reassignment.superiors("C330100", reference)) == ["P330000", "N"]
    assert list(reassignment.superiors("N", reference)) == []
    assert list(reassignment.superiors("X", reference)) == []
