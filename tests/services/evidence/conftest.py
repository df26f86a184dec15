"""Evidence in tests: a store in a folder, the three sides of a case, and one function that hands a file in."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from services.access.clients import Caller
from services.access.scopes import Scope
from services.cases.changes import KeyedContext
from services.casework.session import DeskSession
from services.evidence import holdings, sides
from services.evidence import store as evidence
from services.evidence.sides import Side
from services.evidence.store import Added, Upload
from services.intake.preparation import IntakeContext
from shared import ids
from shared.database import Database
from shared.storage import Storage

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """Return a store in a folder of its own."""
    return Storage.in_folder(tmp_path / "evidence")


@pytest.fixture
def filer(intake_context: IntakeContext) -> Side:
    """Return the side of the client that files in these tests."""
    return sides.of_filer(intake_context.caller)


@pytest.fixture
def officer(desk: Callable[..., DeskSession]) -> Callable[..., Side]:
    """Return a function that gives the side of an officer, by default one of Hangzhou."""
    return lambda bureau="C330100", **who: sides.of_officer(desk(bureau, **who))


@pytest.fixture
def carrier() -> Callable[..., Side]:
    """Return a function that gives the side of an enterprise, by default ZTO."""

    def _carrier(code: str = "ZTO") -> Side:
        scopes = frozenset({Scope.CARRIER_EXCHANGE})
        return sides.of_enterprise(
            Caller(ids.uuid7(), f"carrier-{code}", "carrier", scopes, code, None, None, 100)
        )

    return _carrier


@pytest.fixture
def add(db: Database, run: Run, storage: Storage, context: KeyedContext) -> Callable[..., Added]:
    """Return a function that hands a file in."""

    def _add(
        number: str, side: Side, content: bytes, *, name: str | None = None, shared: bool = False
    ) -> Added:
        upload = Upload(name, content, shared=shared)
        added: Added = run(evidence.add(db, storage, number, upload, side, context))
        return added

    return _add


@pytest.fixture
def take_out(db: Database, run: Run, storage: Storage, context: KeyedContext) -> Callable[..., holdings.File]:
    """Return a function that takes a file out."""

    def _take_out(number: str, side: Side, added: Added) -> holdings.File:
        file: holdings.File = run(holdings.download(db, storage, number, added.row.id, side, context.ring))
        return file

    return _take_out


@pytest.fixture
def seen(db: Database, run: Run, context: KeyedContext) -> Callable[..., list[str]]:
    """Return a function that lists the names of the files that a side sees."""

    def _seen(number: str, side: Side) -> list[str]:
        files = run(holdings.listed(db, number, side, context.ring))
        return [each["name"] for each in files]

    return _seen
