"""Routing of whole batches: file, route, look at what became of the cases."""

import itertools
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from services.intake.preparation import IntakeContext, Prepared
from services.reference.data import ReferenceData
from services.routing import route
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def prepare(prepare: Callable[..., Prepared], intake_context: IntakeContext) -> Callable[..., Prepared]:
    """Return a function that prepares filings received one second after another, so that each has its place."""
    seconds = itertools.count(-3600)

    def _prepare(**changes: Any) -> Prepared:
        moment = intake_context.now + timedelta(seconds=next(seconds))
        return prepare(**({"received_at": moment.isoformat()} | changes))

    return _prepare


@pytest.fixture
def route_all(db: Database, run: Run, reference: ReferenceData) -> Callable[..., int]:
    """Return a function that routes one batch and returns how many tasks it took."""

    def _route(*, by: ReferenceData = reference, size: int = 500) -> int:
        return int(run(route.route_batch(db, by, size=size, lease=timedelta(minutes=5))))

    return _route


@pytest.fixture
def case_of(ask: Callable[..., list[Any]]) -> Callable[[str], Any]:
    """Return a function that reads the row of a case."""

    def _case(number: str) -> Any:
        [row] = ask("SELECT * FROM complaint WHERE number = :number", number=number)
        return row

    return _case


@pytest.fixture
def record_of(ask: Callable[..., list[Any]]) -> Callable[..., dict[str, Any]]:
    """Return a function that reads the data of a case's event of a kind."""

    def _record(number: str, kind: str = "ROUTED") -> dict[str, Any]:
        [row] = ask(
            "SELECT e.data FROM case_event e JOIN complaint c ON c.bucket = e.bucket AND c.id = e.complaint_id "
            "WHERE c.number = :number AND e.kind = :kind",
            number=number,
            kind=kind,
        )
        data: dict[str, Any] = row.data
        return data

    return _record
