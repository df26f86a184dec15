"""Reference data by REST: the codes that a filing may use, with their names and version."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from intake_api import bodies, resources
from services.clients import Caller
from services.reference.book import Book
from shared import serialisation
from shared.errors import NotFoundError

router = APIRouter(prefix="/v1/reference", tags=["reference"])
SCOPE = "reference:read"


async def reader(request: Request) -> Caller:
    """Return the caller, who may read reference data."""
    held = resources.of(request)
    caller = await held.door.caller(request, SCOPE)
    await held.door.admit(caller)
    return caller


Reader = Annotated[Caller, Depends(reader)]
Lists = Mapping[str, Callable[[Book], list[dict[str, Any]]]]


def _records(values: Any) -> list[dict[str, Any]]:
    return [dataclasses.asdict(value) for value in values]


def _workdays(book: Book) -> list[dict[str, Any]]:
    return [{"day": day, "is_workday": worked} for day, worked in sorted(book.calendar.days.items())]


def _deadlines(book: Book) -> list[dict[str, Any]]:
    rules = book.deadlines
    return [
        {"version": rules.version, "key": key, "amount": n, "unit": unit}
        for key, (n, unit) in rules.amounts.items()
    ]


LISTS: Lists = {
    "regions": lambda book: _records(book.regions.values()),
    "abolished_regions": lambda book: [
        {"code": code, "successors": successors} for code, successors in book.successors.items()
    ],
    "bureaus": lambda book: _records(book.jurisdictions.bureaus.values()),
    "carriers": lambda book: _records(book.carriers.values()),
    "issues": lambda book: _records(book.issues.values()),
    "refusal_grounds": lambda book: _records(book.codes["refusal_ground"].values()),
    "close_reasons": lambda book: _records(book.codes["close_reason"].values()),
    "levels": lambda book: _records(book.codes["level"].values()),
    "workdays": _workdays,
    "deadlines": _deadlines,
}


@router.get("", operation_id="listReferenceLists", summary="Which lists there are")
async def lists(request: Request, _caller: Reader) -> Response:
    """Name the lists, with the version of the reference data in force."""
    book = await resources.of(request).book()
    return _json({"version": book.version, "lists": {name: f"/v1/reference/{name}" for name in LISTS}})


@router.get("/{name}", operation_id="readReferenceList", summary="One list")
async def one_list(request: Request, name: str, _caller: Reader) -> Response:
    """Return one list whole, with the version of the reference data; If-None-Match with its ETag answers 304."""
    if name not in LISTS:
        raise NotFoundError(f"There is no such list; there are {', '.join(LISTS)}.")
    book = await resources.of(request).book()
    tag = f'"{name}-{book.version}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return _json({"version": book.version, "items": LISTS[name](book)}, headers)


def _json(content: object, headers: dict[str, str] | None = None) -> Response:
    return Response(serialisation.to_bytes(content), headers=headers, media_type=bodies.JSON)
