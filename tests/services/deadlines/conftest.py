"""Clocks in tests: cases of every kind, time that goes by for them, the sweep, and what was said of which case."""

import dataclasses
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

import pytest

from services.deadlines import invariants, sweep
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from shared.database import Database
from shared.vocabulary import Level

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
_CLOCKS = "UPDATE case_deadline k SET {} FROM complaint c WHERE c.bucket = k.bucket AND c.id = k.complaint_id AND {}"
_CASES = "UPDATE complaint c SET {} WHERE {}"
_MOMENTS = ("started_at", "due_at", "next_check_at", "paused_at", "stopped_at")
_OF_CASE = ("received_at", "total_due_at", "next_due_at", "status_since", "routed_at", "forwarded_at")


@pytest.fixture
def later(ask: Ask) -> Callable[..., None]:
    """Return a function that lets time go by, for all cases or for one: every moment of theirs lies so much further back."""

    def _later(by: timedelta, number: str | None = None) -> None:
        which = "c.number = :number" if number else "true"
        for statement, columns in ((_CLOCKS, _MOMENTS), (_CASES, _OF_CASE)):
            moved = ", ".join(
                f"{column} = {'k' if statement is _CLOCKS else 'c'}.{column} - CAST(:by AS interval)"
                for column in columns
            )
            ask(statement.format(moved, which), by=by, **({"number": number} if number else {}))

    return _later


@pytest.fixture
def unrouted(
    prepare: Callable[..., Prepared], store: Callable[[Sequence[Prepared]], list[str]]
) -> Callable[..., str]:
    """Return a function that files a complaint which no worker has routed yet; returns its number."""

    def _unrouted(**changes: Any) -> str:
        return store([prepare(**changes)])[0]

    return _unrouted


@pytest.fixture
def sweep_once(db: Database, run: Run, reference: ReferenceData) -> Callable[..., int]:
    """Return a function that looks at one batch; returns how many cases it looked at."""

    def _sweep(*, by: ReferenceData = reference, size: int = 500) -> int:
        return int(run(sweep.sweep(db, by, size=size)))

    return _sweep


@pytest.fixture
def sweep_all(sweep_once: Callable[..., int]) -> Callable[..., int]:
    """Return a function that sweeps until nothing is due; returns how many cases were looked at."""

    def _sweep(**options: Any) -> int:
        looked = 0
        while count := sweep_once(**options):
            looked += count
            assert looked < 10_000, "the sweep does not come to an end"
        return looked

    return _sweep


@pytest.fixture
def said(ask: Ask) -> Callable[..., list[tuple[str, int, str]]]:
    """Return a function that tells which steps of a case were spoken of: deadline, round, step, in order."""

    def _said(number: str) -> list[tuple[str, int, str]]:
        rows = ask(
            "SELECT e.key, e.round, e.step FROM escalation e JOIN complaint c ON c.bucket = e.bucket "
            "AND c.id = e.complaint_id WHERE c.number = :number ORDER BY e.at, e.key, e.round, e.step",
            number=number,
        )
        return [tuple(row) for row in rows]

    return _said


@pytest.fixture
def broken(db: Database, run: Run) -> Callable[[], dict[str, int]]:
    """Return a function that tells which invariants do not hold, and of how many cases."""

    def _broken() -> dict[str, int]:
        violations = run(invariants.check(db, grace=timedelta(0)))
        return {each.invariant: each.violations for each in violations if not each.holds}

    return _broken


@pytest.fixture
def strict(reference: ReferenceData) -> ReferenceData:
    """Return reference data by which any deadline that has run out makes a case a key one."""
    effects = {
        "*": {
            step: effect._replace(level=Level.KEY)
            for step, effect in reference.escalation.effects["*"].items()
        }
    }
    return dataclasses.replace(
        reference, escalation=dataclasses.replace(reference.escalation, effects=effects)
    )
