"""Officers of a bureau: registered under a name that a call can give, found while they are active."""

from collections.abc import Callable
from typing import Any

import pytest

from services.access import officers
from services.access.officers import Officer, UnknownOfficerError
from shared.database import Database
from shared.errors import InvalidInputError, NotFoundError
from tests.services.desks import Run


@pytest.mark.parametrize(
    ("bureau", "officer_id", "error"),
    [
        ("X999999", "li.na", NotFoundError),
        ("C330100", "li na", InvalidInputError),
        ("C330100", "", InvalidInputError),
    ],
)
def test_no_officer_is_registered_whom_no_call_can_name(
    bureau: str, officer_id: str, error: type[Exception], db: Database, run: Run
) -> None:
    with pytest.raises(error):
        run(
            officers.put(
                db,
                bureau=bureau,
                officer_id=officer_id,
                name="x",
                role=officers.OFFICER,
                active=True,
                actor="tests",
            )
        )


def test_an_officer_is_found_while_active_and_in_its_own_bureau_only(
    db: Database, run: Run, in_transaction: Callable[..., Any]
) -> None:
    def _put(*, active: bool = True, role: str = officers.OFFICER) -> None:
        run(
            officers.put(
                db,
                bureau="C330100",
                officer_id="li.na",
                name="李娜",
                role=role,
                active=active,
                actor="anna",
            )
        )

    def _find(bureau: str = "C330100", officer_id: str = "li.na") -> Officer:
        officer: Officer = in_transaction(lambda connection: officers.find(connection, bureau, officer_id))
        return officer

    _put()
    assert _find() == Officer("li.na", "李娜", "OFFICER")
    assert not _find().is_supervisor
    for stranger in (("C330200", "li.na"), ("C330100", "LI.NA"), ("C330100", "' OR 1=1")):
        with pytest.raises(UnknownOfficerError):
            _find(*stranger)
    # registered again, it is the same officer with another role
    _put(role=officers.SUPERVISOR)
    assert _find().is_supervisor
    assert len(run(officers.list_officers(db))) == 1
    _put(active=False)
    with pytest.raises(UnknownOfficerError):
        _find()


def test_a_role_is_one_of_two_and_a_bureau_without_officers_is_reported(
    db: Database, run: Run, ask: Callable[..., list[Any]]
) -> None:
    with pytest.raises(InvalidInputError, match="OFFICER or SUPERVISOR"):
        run(
            officers.put(
                db, bureau="C330100", officer_id="a", name="a", role="CHIEF", active=True, actor="anna"
            )
        )
    assert ask("SELECT 1 FROM audit_entry") == []
    assert run(officers.list_officers(db)) == []
    with pytest.raises(NotFoundError, match="has no officers"):
        run(officers.list_officers(db, "C330100"))
