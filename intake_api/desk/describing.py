"""How the operations of the desk describe themselves: refusals with an example each, bodies and answers by example."""

from typing import Any

from intake_api.desk.dependencies import OperatorMissingError, VersionRequiredError
from intake_api.http import bodies
from services.access.officers import UnknownOfficerError
from services.casework.session import NotYourCaseError
from services.desk.perform import StaleVersionError
from services.rules.states.table import IllegalMoveError
from shared.errors import FieldError, InvalidInputError, MalformedBodyError, NotFoundError, ShensuError

_NO_OPERATOR = OperatorMissingError("Name the officer who acts in the header X-Operator-Id.")
NUMBER = "20260301000000017"
READING: dict[int, tuple[str, ShensuError]] = {
    400: ("no operator named", _NO_OPERATOR),
    403: (
        "no desk, or no officer of it",
        UnknownOfficerError("The bureau C330100 has no officer of this id."),
    ),
}
LISTING = READING | {
    422: (
        "faults of the parameters",
        InvalidInputError(
            "The parameters do not have the required form; see errors.",
            [FieldError("/query/limit", "too-large", "send 200 or less")],
        ),
    )
}
OF_CASE = READING | {
    404: (
        "no such case that the bureau may see",
        NotFoundError("There is no complaint of this number that this key may see; check its 17 digits."),
    )
}
WITH_BODY: dict[int, tuple[str, ShensuError]] = {
    400: (
        "not JSON, or no operator named",
        MalformedBodyError("The body is not JSON. Check quotes and commas."),
    ),
    403: ("not an officer of the bureau", READING[403][1]),
    413: ("too large", bodies.BodyTooLargeError("The body may have at most 64 KiB; shorten the text.")),
    415: (
        "not application/json",
        bodies.UnsupportedMediaTypeError("Send the body with the content type application/json, in UTF-8."),
    ),
    422: (
        "faults of the form",
        InvalidInputError(
            "The body does not have the required form; see errors.",
            [FieldError("/reason", "missing", "this field is required")],
        ),
    ),
}
CHANGING: dict[int, tuple[str, ShensuError]] = {
    **WITH_BODY,
    403: (
        "not an officer, or not this bureau's case",
        NotYourCaseError("The case is handled by C330100; this step is for that bureau."),
    ),
    404: OF_CASE[404],
    409: (
        "the state, a condition or another officer is in the way",
        IllegalMoveError(
            "The case is RECEIVED: close is not possible now. As REVIEWER you may: accept, refuse.",
            members={
                "case_status": "RECEIVED",
                "allowed": [{"verb": "accept", "to": "ACCEPTED", "by": ["REVIEWER", "SUPERVISOR"]}],
            },
        ),
    ),
    412: (
        "the case was changed meanwhile",
        StaleVersionError("The case has version 8 by now; read it and decide again.", members={"version": 8}),
    ),
    428: (
        "If-Match is missing",
        VersionRequiredError(
            'Send the header If-Match with the ETag of the case as you read it, as in If-Match: "7".'
        ),
    ),
}
ETAG: dict[str, Any] = {
    "ETag": {
        "description": 'The version of the case, as in "7".',
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$', "maxLength": 11},
    }
}
