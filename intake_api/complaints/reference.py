"""Reference data by REST: the codes that a filing may use, with their names and version."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Response, Security
from pydantic import Field

from intake_api.complaints import describing, examples
from intake_api.http import bodies
from intake_api.http.dependencies import State, rate_limited
from intake_api.http.describing import answers
from services.access.clients import Caller
from services.access.scopes import Scope
from services.fields import View
from services.reference.data import ReferenceData
from shared import serialisation, text_forms
from shared.errors import NotFoundError

router = APIRouter(prefix="/v1/reference", tags=["reference"])
ReferenceReader = Annotated[Caller, Security(rate_limited, scopes=[Scope.REFERENCE_READ])]
Etag = Annotated[
    str, Header(max_length=100, pattern=text_forms.ETAG.pattern, description="ETag of an answer before.")
]
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


class ReferenceLists(View):
    """The lists of reference data by name, with the version in force."""

    version: int
    lists: dict[str, str] = Field(description="The address of each list.")


class ReferenceList(View):
    """One list whole."""

    version: int
    items: list[dict[str, Any]] = Field(description="Entries; their fields depend on the list.")


@router.get(
    "",
    operation_id="listReferenceLists",
    summary="Name the lists of reference data",
    responses=answers(describing.LISTS, examples.REFERENCE_LISTS),
)
async def lists(_caller: ReferenceReader, state: State) -> ReferenceLists:
    """Name the lists, with the version of the reference data in force."""
    reference = await state.reference()
    return ReferenceLists(version=reference.version, lists={name: f"/v1/reference/{name}" for name in LISTS})


@router.get(
    "/{name}",
    operation_id="readReferenceList",
    summary="Read one list of reference data",
    response_model=ReferenceList,
    responses=answers(describing.LIST, examples.REFERENCE_LIST) | {304: {"description": "unchanged"}},
)
async def read_list(name: str, _caller: ReferenceReader, state: State, if_none_match: Etag = "") -> Response:
    """Return one list whole, with the version of the reference data; If-None-Match with its ETag answers 304."""
    if name not in LISTS:
        raise NotFoundError(f"There is no such list; there are {', '.join(LISTS)}.")
    reference = await state.reference()
    tag = f'"{name}-{reference.version}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    # lists are large and made of plain records: they are written without a second model in between
    content = {"version": reference.version, "items": LISTS[name](reference)}
    return Response(serialisation.to_bytes(content), headers=headers, media_type=bodies.JSON)
