"""The description of the interface: bodies that are read by hand still stand in it, with every limit."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.carriers.forms import PushedScan, Reply
from services.delivery.delivery_log import Replay
from services.desk.unmask import Unmask
from services.desk.verbs import VERBS
from services.hotline.forms import WorkOrder
from services.hotline.verbs import VERBS as HOTLINE_ACTS
from services.imports.takeover import Manifest
from services.intake.filing import Filing, HistoricalFiling
from services.views.search_criteria import Search

FORMS: tuple[type[BaseModel], ...] = (
    Filing,
    HistoricalFiling,
    Manifest,
    Search,
    Unmask,
    Reply,
    PushedScan,
    Replay,
    WorkOrder,
    *dict.fromkeys([*(act.form for act in VERBS.values()), *(act.form for act in HOTLINE_ACTS.values())]),
)
"""Forms of bodies that are read by hand."""
ABOUT = (
    "Takes complaints (申诉) about postal and express service from call centres, web forms, carriers and other "
    "portals. A complaint is acknowledged after it is stored for good; the same request again gets the same answer. "
    "Every refusal is a problem (RFC 9457) that says what to change. Money is in fen; times carry their offset; days "
    "are civil days of Asia/Shanghai."
)
_REFERENCE = "#/components/schemas/{model}"
_TEXT = {"type": "string"}
_ERROR: dict[str, Any] = {
    "type": "object",
    "properties": {
        "pointer": {"type": "string", "description": "JSON pointer into the body."},
        "code": _TEXT,
        "message": _TEXT,
    },
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "retryable"],
    "properties": {
        "type": {"type": "string", "description": "urn:shensu:problem:<code>"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do."},
        "code": _TEXT,
        "retryable": {"type": "boolean", "description": "Whether the same request may succeed later."},
        "request_id": _TEXT,
        "errors": {"type": "array", "items": _ERROR},
    },
}


def describe(app: FastAPI, *forms: type[BaseModel]) -> None:
    """Let an application describe itself with the forms of its hand-read bodies (`forms`: further ones) and its keys."""

    def _openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _built(app, (*FORMS, *forms))
        return app.openapi_schema

    app.openapi = _openapi  # type: ignore[method-assign] # the way that FastAPI documents


def _built(app: FastAPI, forms: Sequence[type[BaseModel]]) -> dict[str, Any]:
    schema = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes)
    _, described = models_json_schema([(form, "validation") for form in forms], ref_template=_REFERENCE)
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {}).update(described["$defs"] | {"Problem": PROBLEM})
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer"},
        "signature": {
            "type": "apiKey",
            "in": "header",
            "name": "Signature",
            "description": "RFC 9421, for carriers and portals: docs/integrators/carriers.md, Signing requests.",
        },
    }
    schema["security"] = [{"key": []}, {"signature": []}]
    return schema
