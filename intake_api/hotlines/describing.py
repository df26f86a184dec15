"""How the operations of hotlines describe themselves: the key of a step, and refusals with an example each."""

from typing import Any

from intake_api.http import bodies, describing
from intake_api.http.describing import Refusals
from services.hotline import locked_order
from services.hotline.orders import OrderReusedError
from services.hotline.verbs import RedoRefusedError
from services.requests.answers import InFlightError
from services.requests.cursors import CursorError
from shared.errors import FieldError, InvalidInputError, MalformedBodyError, NotFoundError

KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "maxLength": bodies.KEY_LENGTH},
    "description": "New for each step, the same for each repetition of it; the platform's own number of it will do.",
    "example": "HZ-2026-000123-urge-1",
}
OF_ORDER: Refusals = {
    404: ("no order of this number in the region of the key", NotFoundError(locked_order.UNKNOWN))
}
TAKING: Refusals = {
    **describing.FORM,
    409: (
        "the same order is being worked on",
        InFlightError("The same request is being worked on; send it again in a second.", retry_after=1),
    ),
    422: (
        "faults of the form, or an order that came before with other content",
        OrderReusedError(
            "An order of this region and number came before with other content. Send it as it was."
        ),
    ),
}
BATCH: Refusals = {
    400: ("an array that cannot be read", MalformedBodyError("The body is not a JSON array (UTF-8).")),
    413: (
        "more than 20 MiB",
        bodies.BodyTooLargeError("The body may have at most 20480 KiB; send fewer rows."),
    ),
    415: (
        "neither NDJSON nor JSON",
        bodies.UnsupportedMediaTypeError(
            "Send the body with the content type application/x-ndjson or application/json, in UTF-8."
        ),
    ),
    422: (
        "no row, or more than 1,000",
        InvalidInputError("The batch holds more than 1000 rows; send it in parts."),
    ),
}
STEP: Refusals = {
    **OF_ORDER,
    **describing.FORM,
    409: (
        "the order or its case is in a state in which this comes too late, or was done before",
        RedoRefusedError(
            "The case is not done again (REDONE_BEFORE): its answer stands.",
            members={"because": "REDONE_BEFORE", "state": "ANSWERED", "case_status": "CLOSED"},
        ),
    ),
}
PAGE: Refusals = {
    422: (
        "a cursor that names no entry",
        CursorError(
            "The cursor names no entry of this feed.",
            [
                FieldError(
                    "/query/after",
                    "invalid-cursor",
                    "send `next` of the page before, unchanged, or no cursor",
                )
            ],
        ),
    )
}
