"""Many filings at once: each row is read and prepared for itself, and answered for itself."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypeVar

from typing_extensions import TypedDict

from services.intake import preparation
from services.intake.filing import Filing
from services.intake.preparation import IntakeContext, Prepared
from services.requests import parsing
from services.requests.answers import Accepted, Answer
from shared import problems, serialisation
from shared.errors import ShensuError
from shared.serialisation import Json

ROWS_AT_A_STRETCH = 50
"""After so many rows other requests get their turn; a row takes some 0.1 ms."""
STORED, STORED_BEFORE = 201, 200
RawRow = TypeVar("RawRow")


@dataclass(frozen=True, slots=True)
class PreparedRows:
    """The rows that may be stored, with their places, and the faults of the others."""

    filings: list[Prepared]
    places: list[int]
    faults: dict[int, ShensuError]


class RowResult(TypedDict):
    """The result of one row: 201 stored, 200 stored before, else what is wrong; brief, or with receipt or problem."""

    row: int
    status: int
    receipt: NotRequired[Json]
    problem: NotRequired[Json]
    number: NotRequired[str]
    code: NotRequired[str]
    detail: NotRequired[str]
    errors: NotRequired[list[dict[str, str]]]
    retryable: NotRequired[bool]


class BatchSummary(TypedDict):
    """How many rows were stored, stored before and refused, and the result of each."""

    stored: int
    stored_before: int
    refused: int
    results: list[RowResult]


async def prepare_rows(
    rows: Sequence[bytes], form: type[Filing], context: IntakeContext, request_key: str | None = None
) -> PreparedRows:
    """Prepare every row; a row without a number of its own is known by the request's key and its place."""

    def _one(place: int, raw: bytes) -> Prepared:
        filing = parsing.read_one(raw, form)
        key = f"{request_key}#{place}" if request_key is not None and filing.external_ref is None else None
        return preparation.prepare(filing, context, key)

    return await prepare_each(rows, _one)


async def prepare_each(
    rows: Sequence[RawRow], prepare_row: Callable[[int, RawRow], Prepared]
) -> PreparedRows:
    """Prepare every row by its place, and keep the faults of those that cannot be."""
    prepared = PreparedRows([], [], {})
    for place, row in enumerate(rows):
        if place % ROWS_AT_A_STRETCH == ROWS_AT_A_STRETCH - 1:
            await asyncio.sleep(0)
        try:
            prepared.filings.append(prepare_row(place, row))
        except ShensuError as error:
            prepared.faults[place] = error
        else:
            prepared.places.append(place)
    return prepared


def results(prepared: PreparedRows, answers: Sequence[Answer], *, brief: bool = False) -> list[RowResult]:
    """Return one result a row, in order: status and receipt (`brief`: the number only), or status and problem."""
    by_place: dict[int, Answer] = {**prepared.faults, **dict(zip(prepared.places, answers, strict=True))}
    return [_result(place, by_place[place], brief=brief) for place in sorted(by_place)]


def _result(place: int, answer: Answer, *, brief: bool) -> RowResult:
    if isinstance(answer, Accepted):
        receipt = serialisation.from_text(answer.receipt)
        stored: RowResult = {"row": place, "status": STORED_BEFORE if answer.replayed else STORED}
        return {**stored, "number": receipt["number"]} if brief else {**stored, "receipt": receipt}
    if not brief:
        return {"row": place, "status": answer.status, "problem": problems.body(answer, None)}
    refused: RowResult = {
        "row": place,
        "status": answer.status,
        "code": answer.code,
        "detail": answer.detail,
        "retryable": answer.retryable,
    }
    return {**refused, "errors": problems.faults(answer)} if answer.errors else refused


def summary(results: Sequence[RowResult]) -> BatchSummary:
    """Return the answer to a batch: how many rows were stored, stored before and refused, with the result of each."""
    statuses = [result["status"] for result in results]
    return {
        "stored": statuses.count(STORED),
        "stored_before": statuses.count(STORED_BEFORE),
        "refused": sum(status not in {STORED, STORED_BEFORE} for status in statuses),
        "results": list(results),
    }
