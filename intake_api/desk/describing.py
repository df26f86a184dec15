"""How the operations of the desk describe themselves: which refusals they may answer with, and the version of a case."""

from collections.abc import Mapping

from intake_api import refusals
from intake_api.refusals import (
    CASE_NOT_OPEN,
    CONDITIONS_NOT_MET,
    DEADLINE_NOT_MOVABLE,
    ILLEGAL_MOVE,
    NO_HOTLINE_ORDER,
    NOTHING_CHANGES,
    UNKNOWN_CASE,
)
from shared.http.document import OpenApiDocument
from shared.http.refusals import INVALID_PARAMETERS, Refusals

NUMBER = "20260301000000017"
READING: Refusals = (
    refusals.OPERATOR_MISSING,
    refusals.NO_DESK,
    refusals.UNKNOWN_OFFICER,
    refusals.REFERENCE_NOT_LOADED,
)
LISTING: Refusals = (*READING, *refusals.PAGE)
OF_CASE: Refusals = (*READING, UNKNOWN_CASE)
EXPLAINING: Refusals = (*OF_CASE, INVALID_PARAMETERS)
OF_WARNING: Refusals = (*READING, refusals.UNKNOWN_WARNING, INVALID_PARAMETERS)
SEARCH: Refusals = (*READING, *refusals.FORM, refusals.INVALID_CURSOR)
UNMASKING: Refusals = (*OF_CASE, *refusals.FORM, refusals.UNMASKING_REFUSED, refusals.NOT_YOUR_CASE)
BULK: Refusals = (*READING, *refusals.FORM, refusals.TOO_MUCH_AT_ONCE)
_CHANGING: Refusals = (
    *OF_CASE,
    *refusals.FORM,
    refusals.NOT_YOUR_CASE,
    refusals.VERSION_MISMATCH,
    refusals.VERSION_REQUIRED,
)
_MOVES: Refusals = (ILLEGAL_MOVE, CONDITIONS_NOT_MET)
_OPEN: Refusals = (CASE_NOT_OPEN,)
OWN: Mapping[str, Refusals] = {
    **dict.fromkeys(("claim", "release", "follow-up", "set-failing-link", "visit"), _OPEN),
    **dict.fromkeys(("pause", "resume"), (CASE_NOT_OPEN, DEADLINE_NOT_MOVABLE)),
    "supplement": (refusals.CASE_ENDED,),
    "answer": (refusals.NO_OPINION,),
    "remedy": _OPEN,
    "reverse-remedy": (CASE_NOT_OPEN, refusals.ENTRY_REVERSED),
    "note": (),
    "share-evidence": (),
    "reassign": (CASE_NOT_OPEN, NOTHING_CHANGES),
    "level": (CASE_NOT_OPEN, NOTHING_CHANGES, refusals.SUPERVISOR_NEEDED),
    "merge": (*_MOVES, refusals.CANNOT_MERGE),
    "dismiss-duplicate": (refusals.CANNOT_MERGE,),
    "overturn": (refusals.CASE_NOT_CLOSED, NOTHING_CHANGES),
    "hotline-sign": (NO_HOTLINE_ORDER,),
    "hotline-return": (NO_HOTLINE_ORDER,),
    "hotline-extension": (NO_HOTLINE_ORDER, refusals.EXTENSION_NOT_POSSIBLE),
    "hotline-interim": (NO_HOTLINE_ORDER,),
}
"""What a verb may be refused with besides; the others move the case, and the table of states refuses them."""


def changing(verb: str, *, claims: bool) -> Refusals:
    """Return what a verb of the desk may be refused with; `claims`: it is for the officer who works the case."""
    claimed = claims or verb in {"claim", "release"}
    return (*_CHANGING, *((refusals.CLAIMED_BY_ANOTHER,) if claimed else ()), *OWN.get(verb, _MOVES))


ETAG: OpenApiDocument = {
    "ETag": {
        "description": 'The version of the case, as in "7".',
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$', "maxLength": 11},
    }
}
