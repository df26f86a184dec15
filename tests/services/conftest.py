"""What tests of services share: a caller, reference data, a context to prepare filings with, and a way to file many."""

import uuid
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import structlog
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.access import data_keys
from services.access.clients import Caller
from services.access.scopes import Scope
from services.intake import accept, preparation
from services.intake.filing import Filing, HistoricalFiling
from services.intake.preparation import IntakeContext, Prepared
from services.reference.cache import ReferenceCache
from services.reference.data import ReferenceData
from services.requests.answers import Accepted
from shared import clock, serialisation
from shared.database import Database
from shared.privacy.keyring import KeyFile
from tests.services.desks import (  # noqa: F401 - fixtures for all tests of services
    act,
    case_of,
    cautious,
    context,
    deadlines_of,
    desk,
    events_of,
    forwarded,
    put_reply,
    received,
    replied,
    work,
)

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Log without tracebacks: the library's own way of printing them takes seconds."""
    structlog.configure(
        processors=[structlog.processors.KeyValueRenderer()], logger_factory=structlog.ReturnLoggerFactory()
    )
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def reference_cache(_connected: Database) -> ReferenceCache:
    """Return a cache that reads the reference again only where a test loaded another."""
    return ReferenceCache(_connected, max_age=timedelta(0))


@pytest.fixture
def new_context(
    db: Database, run: Run, key_file: KeyFile, reference_cache: ReferenceCache
) -> Callable[..., IntakeContext]:
    """Return a function that gives what filings of a new client are prepared with; its arguments are scopes."""

    async def _open(caller: Caller) -> IntakeContext:
        return IntakeContext(
            caller, await reference_cache.reference(), await data_keys.ring(db, key_file), clock.now()
        )

    def _new(*scopes: str) -> IntakeContext:
        client_id = uuid.uuid4()
        new_context: IntakeContext = run(
            _open(
                Caller(
                    client_id,
                    f"client {client_id}",
                    "portal",
                    frozenset(map(Scope, scopes)),
                    None,
                    None,
                    None,
                    1_000,
                )
            )
        )
        return new_context

    return _new


@pytest.fixture
def intake_context(new_context: Callable[..., IntakeContext]) -> IntakeContext:
    """Return what filings of one client are prepared with."""
    return new_context("complaint:write", "complaint:read")


@pytest.fixture
def reference(intake_context: IntakeContext) -> ReferenceData:
    """Return the reference data in force."""
    return intake_context.reference


@pytest.fixture
def prepare(intake_context: IntakeContext, filing: Callable[..., dict[str, Any]]) -> Callable[..., Prepared]:
    """Return a function that prepares one filing, under a request key of its own unless it is given one."""

    def _prepare(key: str | None = None, *, of: IntakeContext = intake_context, **changes: Any) -> Prepared:
        form = HistoricalFiling if "outcome" in changes else Filing
        read = form.model_validate_json(serialisation.to_bytes(filing(**changes)))
        if key is None and read.external_ref is None:
            key = uuid.uuid4().hex
        return preparation.prepare(read, of, key)

    return _prepare


@pytest.fixture
def store(db: Database, run: Run) -> Callable[[Sequence[Prepared]], list[str]]:
    """Return a function that stores filings and returns their public numbers."""

    def _store(prepared: Sequence[Prepared]) -> list[str]:
        answers = run(accept.accept_many(db, prepared))
        assert all(isinstance(answer, Accepted) for answer in answers), answers
        return [serialisation.from_text(answer.receipt)["number"] for answer in answers]

    return _store


@pytest.fixture
def ask(db: Database, run: Run) -> Callable[..., list[Any]]:
    """Return a function that runs one statement and returns its rows."""

    def _ask(sql: str, /, **values: Any) -> list[Any]:
        async def _go() -> list[Any]:
            async with db.transaction() as connection:
                result = await connection.execute(text(sql), values)
                return list(result.all()) if result.returns_rows else []

        rows: list[Any] = run(_go())
        return rows

    return _ask


@pytest.fixture
def in_transaction(db: Database, run: Run) -> Callable[[Callable[[AsyncConnection], Awaitable[Any]]], Any]:
    """Return a function that runs a coroutine function with the connection of a transaction of its own."""

    def _run(do: Callable[[AsyncConnection], Awaitable[Any]]) -> Any:
        async def _go() -> Any:
            async with db.transaction() as connection:
                return await do(connection)

        return run(_go())

    return _run


@pytest.fixture
def statements(db: Database) -> Callable[[], Any]:
    """Return a context manager that lists the statements which are sent meanwhile."""

    @contextmanager
    def _listen() -> Iterator[list[str]]:
        sent: list[str] = []

        def _note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            sent.append(statement)

        engine = db.engine.sync_engine
        event.listen(engine, "before_cursor_execute", _note)
        try:
            yield sent
        finally:
            event.remove(engine, "before_cursor_execute", _note)

    return _listen


@pytest.fixture
def spoil(ask: Callable[..., list[Any]]) -> Callable[[str], None]:
    """Return a function that makes a case one which nothing can be written to: its next event is there already."""

    def _spoil(number: str) -> None:
        ask(
            "INSERT INTO case_event (bucket, complaint_id, seq, kind, actor, data) "
            "SELECT bucket, id, version + 1, 'NOTE', 'WORKER', '{}' FROM complaint WHERE number = :number",
            number=number,
        )

    return _spoil


@pytest.fixture
def mend(ask: Callable[..., list[Any]]) -> Callable[[str], None]:
    """Return a function that makes a spoilt case a sound one again."""

    def _mend(number: str) -> None:
        ask(
            "DELETE FROM case_event e USING complaint c WHERE c.bucket = e.bucket AND c.id = e.complaint_id "
            "AND e.seq > c.version AND c.number = :number",
            number=number,
        )

    return _mend
