"""The refusals of the intake API: each problem with an example, once; operations list which of them may come."""

from intake_api.http import bodies
from intake_api.http.body_budget import TooMuchAtOnceError
from intake_api.http.desk_headers import OperatorMissingError, VersionRequiredError
from services.access.officers import UnknownOfficerError
from services.carriers.acknowledgement import NothingToAcknowledgeError
from services.carriers.replies import ReplyAfterEndError, ReplyRefReusedError
from services.carriers.tracking import NoCaseError, ScanChangedError, TooManyScansError
from services.cases import lookup
from services.casework.remedies import EntryReversedError
from services.casework.session import ClaimedByAnotherError, NoDeskError, NotYourCaseError
from services.casework.steps import NotOpenError
from services.casework.supplement import CaseEndedError
from services.desk.assignment import NothingChangesError, SupervisorNeededError
from services.desk.deadlines import DeadlineNotMovableError
from services.desk.mediation import NotInMediationError
from services.desk.perform import StaleVersionError
from services.desk.review import NotClosedError
from services.desk.unmask import UnmaskingRefusedError
from services.evidence.holdings import BrokenFileError
from services.evidence.kinds import DamagedFileError, UnsupportedFileError
from services.evidence.store import TooMuchEvidenceError
from services.hotline import locked_order
from services.hotline.locked_order import OrderEndedError
from services.hotline.officer_steps import NoMoreTimeError, NoOrderError
from services.hotline.orders import NoRegionError, OrderReusedError
from services.hotline.steps import NotAskedError
from services.hotline.verbs import RedoRefusedError
from services.imports.takeover import DigestMismatchError, PartsMissingError
from services.intake.filer_steps import OthersWaitError
from services.merging.merge import MergeError
from services.reference.cache import ReferenceNotLoadedError
from services.requests.answers import InFlightError, KeyReusedError, RequestKeyMissingError
from services.requests.cursors import CursorError
from services.rules.states.table import ConditionsNotMetError, IllegalMoveError
from shared import text_forms
from shared.errors import ConflictError, FieldError, InvalidInputError, NotFoundError
from shared.http.refusals import INVALID_PARAMETERS, MALFORMED_BODY, Refusals, refusal
from shared.http.signatures import SignatureError
from shared.storage import NotStoredError, StorageUnavailableError

_CLOSED = {"case_status": "CLOSED"}

INVALID_SIGNATURE = refusal(
    SignatureError("The signature does not fit what was received; sign it as it is sent.")
)
REFERENCE_NOT_LOADED = refusal(
    ReferenceNotLoadedError("No reference data was ever loaded; the operator loads it.")
)
BODY_TOO_SLOW = refusal(
    bodies.BodyTooSlowError("The body did not come in time; nothing of it was stored. Send it again.")
)
BODY_TOO_LARGE = refusal(bodies.BodyTooLargeError("The body may have at most 64 KiB; shorten the text."))
BATCH_TOO_LARGE = refusal(
    bodies.BodyTooLargeError("The body may have at most 20480 KiB; send fewer rows."), "batch-too-large"
)
FILE_TOO_LARGE = refusal(
    bodies.BodyTooLargeError("A file may have at most 20 MB. Send a smaller copy, or the parts that matter."),
    "file-too-large",
)
TOO_MUCH_AT_ONCE = refusal(
    TooMuchAtOnceError(
        "Others send so much that your body finds no room; nothing of it was read. Send it again."
    )
)
NO_JSON_TYPE = refusal(
    bodies.UnsupportedMediaTypeError("Send the body with the content type application/json, in UTF-8.")
)
NO_BATCH_TYPE = refusal(
    bodies.UnsupportedMediaTypeError(
        "Send the body with the content type application/x-ndjson or application/json, in UTF-8."
    ),
    "no-batch-type",
)
NO_LINES_TYPE = refusal(
    bodies.UnsupportedMediaTypeError("Send the body with the content type application/x-ndjson, in UTF-8."),
    "no-lines-type",
)
INVALID_INPUT = refusal(
    InvalidInputError(
        "The body does not have the required form; see errors.",
        [FieldError("/reason", "missing", "this field is required")],
    )
)
INVALID_BATCH = refusal(
    InvalidInputError("The batch holds more than 1000 rows; send it in parts."), "invalid-batch"
)
INVALID_CURSOR = refusal(
    CursorError(
        "The cursor is not one that a list of ours gave.",
        [FieldError("/query/cursor", "invalid-cursor", text_forms.CURSOR.advice)],
    )
)

INVALID_KEY = refusal(
    bodies.RequestKeyError(
        "An Idempotency-Key has 1 to 255 visible ASCII characters without spaces, for instance a UUID; with spaces it "
        'stands in quotes, as in "call 17".'
    )
)
KEY_MISSING = refusal(
    RequestKeyMissingError(
        "Send the header `Idempotency-Key` (a new one for each request), or `external_ref`."
    )
)
KEY_REUSED = refusal(
    KeyReusedError("This request key came before with another body; use a new key for a new request.")
)
IN_FLIGHT = refusal(
    InFlightError("The same request is being worked on; send it again in a second.", retry_after=1)
)

UNKNOWN_CASE = refusal(NotFoundError(lookup.UNKNOWN))
UNKNOWN_ORDER = refusal(NotFoundError(locked_order.UNKNOWN), "unknown-order")
UNKNOWN_WARNING = refusal(
    NotFoundError("There is no warning of this id that this bureau may see."), "unknown-warning"
)
UNKNOWN_IMPORT = refusal(
    NotFoundError("There is no such import of this client; announce it with POST /v1/imports."),
    "unknown-import",
)
UNKNOWN_LIST = refusal(NotFoundError("There is no such list; GET /v1/reference names them."), "unknown-list")

OPERATOR_MISSING = refusal(OperatorMissingError("Name the officer who acts in the header X-Operator-Id."))
NO_DESK = refusal(
    NoDeskError("This operation needs a key that is bound to a bureau; ask the operator for one.")
)
UNKNOWN_OFFICER = refusal(UnknownOfficerError("The bureau C330100 has no officer of this id."))
NOT_YOUR_CASE = refusal(NotYourCaseError("The case is handled by C330100; this step is for that bureau."))
CLAIMED_BY_ANOTHER = refusal(
    ClaimedByAnotherError("li.na works this case; it is released by that officer or a supervisor.")
)
VERSION_MISMATCH = refusal(
    StaleVersionError("The case has version 8 by now; read it and decide again.", members={"version": 8})
)
VERSION_REQUIRED = refusal(
    VersionRequiredError(
        'Send the header If-Match with the ETag of the case as you read it, as in If-Match: "7".'
    )
)
ILLEGAL_MOVE = refusal(
    IllegalMoveError(
        "The case is RECEIVED: close is not possible now. As REVIEWER you may: accept, refuse.",
        members={
            "case_status": "RECEIVED",
            "allowed": [{"verb": "accept", "to": "ACCEPTED", "by": ["REVIEWER", "SUPERVISOR"]}],
        },
    )
)
CONDITIONS_NOT_MET = refusal(
    ConditionsNotMetError(
        "close of a case that is REPLIED needs more: see errors.",
        [FieldError("/reason", "reason-needed", "say why in `reason`")],
    )
)
CASE_NOT_OPEN = refusal(NotOpenError("The case is CLOSED; a supervisor may reopen it."))
CASE_NOT_CLOSED = refusal(NotClosedError("The case is REPLIED; a finding is reviewed after the closing."))
CASE_ENDED = refusal(CaseEndedError("The case is CLOSED; file what is new as a complaint of its own."))
NOTHING_CHANGES = refusal(NothingChangesError("The case has level L1 already."))
SUPERVISOR_NEEDED = refusal(SupervisorNeededError("A level is lowered by a named supervisor, with a reason."))
DEADLINE_NOT_MOVABLE = refusal(DeadlineNotMovableError("The deadline REPLY is not paused for this case."))
NO_OPINION = refusal(NotInMediationError("No mediation opinion waits for an answer; issue one by `propose`."))
ENTRY_REVERSED = refusal(
    EntryReversedError(
        "This entry was reversed before, or reverses another; record what is right by the verb `remedy`."
    )
)
CANNOT_MERGE = refusal(MergeError("The cases concern different enterprises; each is handled for itself."))
UNMASKING_REFUSED = refusal(
    UnmaskingRefusedError("The user asked for confidentiality: only a supervisor sees who it is.")
)
NO_HOTLINE_ORDER = refusal(
    NoOrderError(
        "No order of a hotline waits for an answer to this case; `orders` of the case says how each stands."
    )
)
EXTENSION_NOT_POSSIBLE = refusal(
    NoMoreTimeError("More time was asked for already; the hotline has yet to decide.")
)

OTHERS_WAIT = refusal(
    OthersWaitError(
        "Others complained of the same and wait for the answer: the case continues for them. Send the user's request to "
        "/supplements as `message`.",
        members={"case_status": "FORWARDED"},
    )
)
DIGEST_MISMATCH = refusal(
    DigestMismatchError("The part has another SHA-256 than the manifest says; send it again.")
)
PARTS_MISSING = refusal(
    PartsMissingError(
        "2 of 5 parts have not come, the first is 3. Send each to PUT /v1/imports/<id>/parts/<part>, then complete again.",
        members={"missing_parts": [3, 4]},
    )
)

UNSUPPORTED_FILE = refusal(UnsupportedFileError("Send JPEG, PNG, WEBP, PDF, MP3, WAV, AMR, M4A or MP4."))
DAMAGED_FILE = refusal(DamagedFileError("The file ends too early; send it again."))
TOO_MUCH_EVIDENCE = refusal(TooMuchEvidenceError("The case has 50 files already; send what matters most."))
FILE_BROKEN = refusal(
    BrokenFileError("The stored file is not what was put there; tell the operator, who has backups.")
)
FILE_LOST = refusal(NotStoredError("The store does not have the file; tell the operator, who has backups."))
STORAGE_UNAVAILABLE = refusal(
    StorageUnavailableError("The store of the files does not answer now; send the same request again.")
)

NOTHING_TO_ACKNOWLEDGE = refusal(
    NothingToAcknowledgeError("The case is CLOSED: nothing waits to be acknowledged.", members=_CLOSED),
    "nothing-to-acknowledge",
)
REPLY_AFTER_END = refusal(
    ReplyAfterEndError(
        "The case is CLOSED: a reply changes nothing any more. You will be told if it is reopened.",
        members=_CLOSED,
    ),
    "reply-after-end",
)
REPLY_REF_REUSED = refusal(
    ReplyRefReusedError(
        "This reply_ref was used for a reply that said something else; give the new reply a number of its own."
    )
)
NO_CASE = refusal(
    NoCaseError("No case of yours is about this item, or the case names no waybill; nothing was kept.")
)
EVENT_ID_REUSED = refusal(
    ScanChangedError("This event_id came before with other content; give the new scan a number of its own.")
)
TOO_MANY_SCANS = refusal(TooManyScansError("1000 scans are kept of one item; send those that matter."))

NO_REGION = refusal(
    NoRegionError("This operation needs a key that is bound to a region; ask the operator for one.")
)
ORDER_REUSED = refusal(
    OrderReusedError("An order of this region and number came before with other content. Send it as it was.")
)
ORDER_ENDED = refusal(
    OrderEndedError(
        "The order is ANSWERED (已答复); read it again to see what holds.", members={"state": "ANSWERED"}
    )
)
ORDER_BEING_MERGED = refusal(
    ConflictError("The order's case is being merged; send the same request again.", retry_after=1)
)
EXTENSION_NOT_REQUESTED = refusal(
    NotAskedError("No extension is asked for at this moment; there is nothing to refuse.")
)
REDO_REFUSED = refusal(
    RedoRefusedError(
        "The case is not done again (REDONE_BEFORE): its answer stands.",
        members={"reason_code": "REDONE_BEFORE", "state": "ANSWERED", **_CLOSED},
    )
)

FORM: Refusals = (MALFORMED_BODY, BODY_TOO_SLOW, BODY_TOO_LARGE, NO_JSON_TYPE, INVALID_INPUT)
"""Of every operation that reads a form."""
BATCH: Refusals = (
    MALFORMED_BODY,
    BODY_TOO_SLOW,
    BATCH_TOO_LARGE,
    NO_BATCH_TYPE,
    INVALID_BATCH,
    TOO_MUCH_AT_ONCE,
    REFERENCE_NOT_LOADED,
)
"""Of every operation that reads up to 1,000 rows."""
PAGE: Refusals = (INVALID_PARAMETERS, INVALID_CURSOR)
"""Of every list that goes on by a cursor."""
KEYED: Refusals = (INVALID_KEY, KEY_MISSING, KEY_REUSED, IN_FLIGHT)
"""Of every operation that is done once for its request key."""
OF_CASE: Refusals = (UNKNOWN_CASE,)
"""Of every operation on one case."""
