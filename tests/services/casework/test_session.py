"""Who acts: the desk of a key and its officer, and which bureaus are above the one that handles a case."""

import uuid

import pytest

from services.access.clients import Caller
from services.access.officers import OFFICER, SUPERVISOR, Officer
from services.casework import session
from services.casework.session import DeskSession, NoDeskError
from services.reference.data import ReferenceData
from services.rules.states.verbs import Actor
from tests.services.case_rows import head


def _caller(bureau: str | None) -> Caller:
    return Caller(uuid.UUID(int=1), "key", "bureau", frozenset(), None, bureau, None, 100)


@pytest.mark.parametrize(("role", "actor"), [(OFFICER, Actor.REVIEWER), (SUPERVISOR, Actor.SUPERVISOR)])
def test_an_officer_moves_cases_by_role_and_is_named_with_the_bureau(
    role: str, actor: Actor, packaged: ReferenceData
) -> None:
    bureau = session.bureau_of(_caller("C330100"), packaged)
    desk = DeskSession(_caller("C330100"), bureau, Officer("li.na", "李娜", role))
    assert (desk.actor, desk.by) == (actor, "C330100/li.na")


@pytest.mark.parametrize("bureau", [None, "", "C999999"])
def test_a_key_of_no_bureau_has_no_desk(bureau: str | None, packaged: ReferenceData) -> None:
    with pytest.raises(NoDeskError):
        session.bureau_of(_caller(bureau), packaged)


@pytest.mark.parametrize(
    ("bureau", "handling", "supervising", "above"),
    [
        ("P330000", "C330100", "P330000", True),
        ("N000000", "C330100", "P330000", True),
        # its province stays above where the centre supervises
        ("P330000", "C330100", "N000000", True),
        ("P440000", "C330100", "P330000", False),
        ("C330200", "C330100", "P330000", False),
        # who handles a case is not above itself, not even the centre
        ("C330100", "C330100", "P330000", False),
        ("N000000", "N000000", "N000000", False),
        ("P330000", None, None, False),
        ("N000000", None, None, True),
    ],
)
def test_who_is_above(
    bureau: str, handling: str | None, supervising: str | None, *, above: bool, packaged: ReferenceData
) -> None:
    case = head(handling_bureau=handling, supervising_bureau=supervising)
    assert session.is_above(packaged.jurisdictions.bureaus[bureau], case, packaged) is above
