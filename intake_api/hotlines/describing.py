"""How the operations of hotlines describe themselves: the key of a step, and which refusals they may answer with."""

from collections.abc import Mapping

from intake_api import refusals
from intake_api.http import bodies
from intake_api.refusals import BATCH as ANY_BATCH
from intake_api.refusals import FORM, KEYED, NO_REGION, PAGE, REFERENCE_NOT_LOADED
from shared.http.document import OpenApiDocument
from shared.http.refusals import Refusals

KEY: OpenApiDocument = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "maxLength": bodies.KEY_LENGTH * 2 + 2},
    "description": "New for each step, the same for each repetition of it; the platform's own number of it will do.",
    "example": "HZ-2026-000123-urge-1",
}
OF_ORDER: Refusals = (refusals.UNKNOWN_ORDER, NO_REGION, REFERENCE_NOT_LOADED)
TAKING: Refusals = (*FORM, NO_REGION, REFERENCE_NOT_LOADED, refusals.IN_FLIGHT, refusals.ORDER_REUSED)
BATCH: Refusals = (*ANY_BATCH, NO_REGION)
CHANGES: Refusals = (*PAGE, NO_REGION)
_STEP: Refusals = (*FORM, *KEYED, *OF_ORDER, refusals.ORDER_BEING_MERGED)
OWN: Mapping[str, Refusals] = {
    "supplement": (refusals.ORDER_ENDED, refusals.CASE_ENDED),
    "withdraw": (refusals.ORDER_ENDED, refusals.ILLEGAL_MOVE, refusals.CONDITIONS_NOT_MET),
    "extension": (refusals.ORDER_ENDED, refusals.EXTENSION_NOT_REQUESTED),
    "redo": (refusals.ORDER_ENDED, refusals.REDO_REFUSED),
}
"""What a step may be refused with besides; others only for an order that waits no more."""


def step(verb: str) -> Refusals:
    """Return what a step of the hotline may be refused with."""
    return (*_STEP, *OWN.get(verb, (refusals.ORDER_ENDED,)))
