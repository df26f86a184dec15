"""Reference data by REST: the codes that a filing may use, with their names and version."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from intake_api.http import app_state, bodies
from services.access.clients import Caller
from services.access.scopes import Scope
from services.reference.data import ReferenceData
from shared import serialisation
from shared.errors import NotFoundError

router = APIRouter(prefix="/v1/reference", tags=["reference"])
SCOPE = Scope.REFERENCE_READ


async def reader(request: Request) -> Caller:
    """Return the caller, who may read reference data."""
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, SCOPE)
    await state.rate_limiter.check(caller)
    return caller


Reader = Annotated[Caller, Depends(reader)]
Lists = Mapping[str, Callable[[ReferenceData], list[dict[str, Any]]]]


def _records(values: Any) -> list[dict[str, Any]]:
    return [dataclasses.asdict(value) for value in values]


def _workdays(reference: ReferenceData) -> list[dict[str, Any]]:
    return [{"day": day, "is_workday": worked} for day, worked in sorted(reference.calendar.days.items())]


def _deadlines(reference: ReferenceData) -> list[dict[str, Any]]:
    rules = reference.deadlines
    return [
        {"version": rules.version, "key": key, "amount": n, "unit": unit}
        for key, (n, unit) in rules.amounts.items()
    ]


LISTS: Lists = {
    "regions": lambda reference: _records(reference.regions.values()),
    "abolished_regions": lambda reference: [
        {"code": code, "successors": successors} for code, successors in reference.successors.items()
    ],
    "bureaus": lambda reference: _records(reference.jurisdictions.bureaus.values()),
    "carriers": lambda reference: _records(reference.carriers.values()),
    "issues": lambda reference: _records(reference.issues.values()),
    "refusal_grounds": lambda reference: _records(reference.codes["refusal_ground"].values()),
    "close_reasons": lambda reference: _records(reference.codes["close_reason"].values()),
    "levels": lambda reference: _records(reference.codes["level"].values()),
    "workdays": _workdays,
    "deadlines": _deadlines,
}


@router.get("", operation_id="listReferenceLists", summary="Which lists there are")
async def lists(request: Request, _caller: Reader) -> Response:
    """Name the lists, with the version of the reference data in force."""
    reference = await app_state.of(request).reference()
    return _json({"version": reference.version, "lists": {name: f"/v1/reference/{name}" for name in LISTS}})


@router.get("/{name}", operation_id="readReferenceList", summary="One list")
async def one_list(request: Request, name: str, _caller: Reader) -> Response:
    """Return one list whole, with the version of the reference data; If-None-Match with its ETag answers 304."""
    if name not in LISTS:
        raise NotFoundError(f"There is no such list; there are {', '.join(LISTS)}.")
    reference = await app_state.of(request).reference()
    tag = f'"{name}-{reference.version}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return _json({"version": reference.version, "items": LISTS[name](reference)}, headers)


def _json(content: object, headers: dict[str, str] | None = None) -> Response:
    return Response(serialisation.to_bytes(content), headers=headers, media_type=bodies.JSON)
