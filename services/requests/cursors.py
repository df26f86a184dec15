"""Cursors of lists: a place in an order by a moment and an id, given out to be sent back unchanged.

A cursor gives no access: a caller still sees only what it may see.
"""

import base64
import uuid
from datetime import datetime
from typing import ClassVar

from services.fields import EARLIEST_YEAR, LATEST_YEAR
from shared import serialisation, text_forms
from shared.errors import FieldError, InvalidInputError

LONGEST = 200
CursorPlace = tuple[datetime | None, uuid.UUID]
"""A moment and an id. Lists in the order of need end with what has no moment."""


class CursorError(InvalidInputError):
    """The cursor is not one that a list of ours gave."""

    code: ClassVar[str] = "invalid-cursor"
    title: ClassVar[str] = "The cursor cannot be read"


def write(moment: datetime | None, case_id: uuid.UUID) -> str:
    """Return the cursor of a place."""
    text = moment.isoformat() if moment is not None else None
    return base64.urlsafe_b64encode(serialisation.to_bytes([text, str(case_id)])).decode()


def read(cursor: str, *, with_none: bool = False, pointer: str = "/query/cursor") -> CursorPlace:
    """Return the place of a cursor; `with_none`: of a list in which a case may have no moment.

    Raises CursorError, whose fault is at `pointer`.
    """
    try:
        text, case_id = serialisation.from_text(base64.urlsafe_b64decode(cursor))
        moment = None if text is None and with_none else _known_to_postgres(datetime.fromisoformat(text))
        return moment, uuid.UUID(case_id)
    except (ValueError, TypeError, AttributeError) as error:
        fault = FieldError(pointer, "invalid-cursor", text_forms.CURSOR.advice)
        raise CursorError("The cursor is not one that a list of ours gave.", [fault]) from error


def _known_to_postgres(moment: datetime) -> datetime:
    if moment.tzinfo is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError("no moment of a case")
    return moment
