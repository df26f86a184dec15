"""The description of the interface: bodies that are read by hand still stand in it, with every limit."""

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from intake_api import refusals
from intake_api.desk.bulk import BulkAct
from intake_api.http import bodies
from services.carriers.forms import PushedScan, Reply
from services.delivery.delivery_log import Replay
from services.desk.unmask import Unmask
from services.desk.verbs import VERBS
from services.hotline.forms import WorkOrder
from services.hotline.verbs import VERBS as ORDER_VERBS
from services.imports.takeover import MAX_PARTS, Manifest
from services.intake.filing import Filing, HistoricalFiling
from services.views.search_criteria import Search
from shared.http import openapi
from shared.http import refusals as shared_refusals
from shared.http.document import OpenApiDocument

FORMS: tuple[type[BaseModel], ...] = (
    Filing,
    HistoricalFiling,
    Manifest,
    BulkAct,
    Search,
    Unmask,
    Reply,
    PushedScan,
    Replay,
    WorkOrder,
    *dict.fromkeys([*(act.form for act in VERBS.values()), *(act.form for act in ORDER_VERBS.values())]),
)
"""Forms of bodies that are read by hand."""
ABOUT = (
    "Takes complaints (申诉) about postal and express service from call centres, web forms, carriers and other "
    "portals. A complaint is acknowledged after it is stored durably; the same request again gets the same answer. "
    "Every refusal is a problem (RFC 9457) that says what to change. Money is in fen; times carry their offset; days "
    "are civil days of Asia/Shanghai."
)
_REFERENCE = "#/components/schemas/{model}"
TAGS = {
    "operation": "Whether the process runs, and what it measures; needs no key.",
    "filing": "For those who file complaints: call centres, web forms, portals.",
    "cases": "Cases as those who filed them see them.",
    "desk": "For the officers of a bureau.",
    "carrier": "For enterprises: the cases that were forwarded to them, replies, webhooks, tracking.",
    "hotline": "For the 12345 hotlines: work orders, and what became of them.",
    "imports": "Closed cases of older systems, taken over in parts.",
    "reference": "Codes that a request may use, with names and version.",
}
_CURSOR = {"pattern": "^[A-Za-z0-9_=-]{1,200}$"}
PARAMETERS: dict[str, OpenApiDocument] = {
    "number": {"pattern": "^[0-9]{17}$"},
    "order_no": {"pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", "maxLength": 64},
    "name": {"pattern": "^[a-z_]{1,40}$"},
    "part": {"minimum": 0, "maximum": MAX_PARTS - 1},
    "cursor": _CURSOR,
    "after": _CURSOR,
    "Idempotency-Key": {"pattern": bodies.KEY_PATTERN},
    "X-Operator-Id": {"pattern": "^[A-Za-z0-9._@-]{1,40}$"},
    "If-Match": {"pattern": '^"[0-9]{1,9}"$', "maxLength": 11},
    "X-File-Name": {"pattern": "^[!-~]+$"},
}
"""The form of each parameter that is read by hand or may be refused later (404), by name."""
WITH_KEY = (*shared_refusals.WITH_KEY, refusals.INVALID_SIGNATURE)
"""What every operation with a key may answer: a request may be signed in its place."""
_SECURITY = {
    "key": {"type": "http", "scheme": "bearer"},
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "RFC 9421, for carriers and portals: docs/integrators/carriers.md, Signing requests.",
    },
}


def complete(document: OpenApiDocument) -> OpenApiDocument:
    """Add the forms of hand-read bodies, the security schemes, and what all operations share."""
    _, forms = models_json_schema([(form, "validation") for form in FORMS], ref_template=_REFERENCE)
    components = document.setdefault("components", {})
    components.setdefault("schemas", {}).update(forms["$defs"])
    components["securitySchemes"] = _SECURITY
    document["security"] = [{"key": []}, {"signature": []}]
    vocabulary = shared_refusals.vocabulary(vars(refusals))
    return openapi.complete(
        document, tags=TAGS, parameters=PARAMETERS, vocabulary=vocabulary, with_key=WITH_KEY
    )
