"""The refusals of the operations of carriers, with an example each."""

from intake_api.http import describing
from intake_api.http.describing import Refusals
from services.carriers.acknowledgement import NothingToAcknowledgeError
from services.carriers.replies import ReplyAfterEndError
from services.requests.cursors import CursorError
from shared.errors import FieldError, NotFoundError

_UNKNOWN = NotFoundError("There is no complaint of this number that this key may see; check its 17 digits.")
OF_CASE: Refusals = {404: ("no case that was forwarded to the caller", _UNKNOWN)}
ACKNOWLEDGING: Refusals = {
    **OF_CASE,
    409: (
        "the case ended before it was acknowledged",
        NothingToAcknowledgeError(
            "The case is CLOSED: nothing waits to be acknowledged.", members={"case_status": "CLOSED"}
        ),
    ),
}
REPLYING: Refusals = {
    **OF_CASE,
    **describing.FORM,
    409: (
        "no reply is awaited, or the case has ended",
        ReplyAfterEndError(
            "The case is CLOSED: a reply changes nothing any more. You will be told if it is reopened.",
            members={"case_status": "CLOSED"},
        ),
    ),
}
PAGE: Refusals = {
    422: (
        "a cursor that names no entry, or faults of the parameters",
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
