"""Officers of a bureau: registered under a name that a call can give, found while they are active."""

import pytest

from services.access import officers
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
