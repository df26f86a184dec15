"""How the operations of those who file describe their refusals: each with an example."""

from intake_api.http import bodies
from intake_api.http.describing import Refusals
from services.imports.takeover import DigestMismatchError, PartsMissingError
from services.intake.filer_steps import OthersWaitError
from services.requests.answers import InFlightError, RequestKeyMissingError
from shared.errors import FieldError, InvalidInputError, MalformedBodyError, NotFoundError

_LARGE = bodies.BodyTooLargeError("The body may have at most 64 KiB; shorten the text.")
_TYPE = bodies.UnsupportedMediaTypeError("Send the body with the content type application/json, in UTF-8.")
_FAULTS = InvalidInputError(
    "The body does not have the required form; see errors.",
    [FieldError("/request", "missing", "this field is required")],
)
OF_CASE: Refusals = {
    404: (
        "no such case that the key may see",
        NotFoundError("There is no complaint of this number that this key may see; check its 17 digits."),
    )
}
LISTING: Refusals = {
    422: (
        "faults of the parameters",
        InvalidInputError(
            "The parameters do not have the required form; see errors.",
            [FieldError("/query/limit", "too-large", "send 200 or less")],
        ),
    )
}
WITH_BODY: Refusals = {
    400: ("not JSON", MalformedBodyError("The body is not JSON. Check quotes and commas.")),
    413: ("too large", _LARGE),
    415: ("not application/json", _TYPE),
    422: ("faults of the form", _FAULTS),
}
FILING: Refusals = WITH_BODY | {
    400: ("not JSON, or no request key", RequestKeyMissingError("Send the header `Idempotency-Key`.")),
    409: (
        "the same request is being worked on",
        InFlightError("The same request is being stored at this moment; send it again in a second."),
    ),
}
SUPPLEMENT: Refusals = (
    WITH_BODY
    | OF_CASE
    | {
        400: ("not JSON, or no request key", RequestKeyMissingError("Send the header `Idempotency-Key`.")),
        409: FILING[409],
    }
)
WITHDRAWAL: Refusals = (
    WITH_BODY
    | OF_CASE
    | {
        409: (
            "the case has ended or was merged, or others wait for its answer too",
            OthersWaitError(
                "Others complained of the same and wait for the answer: the case goes on for them.",
                members={"case_status": "FORWARDED"},
            ),
        )
    }
)
BATCH: Refusals = {
    400: (
        "an array that cannot be read",
        MalformedBodyError("The body is not a JSON array; see the log of your client."),
    ),
    413: ("more than 20 MiB", bodies.BodyTooLargeError("The body may have at most 20 MiB; send fewer rows.")),
    415: ("neither NDJSON nor JSON", _TYPE),
    422: (
        "no row, or more than 1,000",
        InvalidInputError("A batch has 1 to 1,000 rows; send fewer in each."),
    ),
}
OF_IMPORT: Refusals = {
    404: ("no such import of this client", NotFoundError("This client announced no import of this id."))
}
IMPORT: Refusals = WITH_BODY | {
    422: (
        "a manifest that contradicts itself",
        DigestMismatchError("The digests of the parts do not make the whole."),
    ),
}
PART: Refusals = OF_IMPORT | {
    413: BATCH[413],
    415: ("not NDJSON", bodies.UnsupportedMediaTypeError("Send the part as application/x-ndjson, in UTF-8.")),
    422: (
        "another digest than announced",
        DigestMismatchError("The part has another SHA-256 than the manifest says."),
    ),
}
COMPLETION: Refusals = OF_IMPORT | {
    409: ("parts are missing", PartsMissingError("Parts 3 and 4 are missing; send them, then complete.")),
}
LIST: Refusals = {
    404: ("no such list", NotFoundError("There is no such list; GET /v1/reference names them."))
}
