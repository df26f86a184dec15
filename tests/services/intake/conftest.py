"""What tests of intake share: filings that are stored at once, and the hotline's orders that wait for a case."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from services.intake import accept
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from services.requests.answers import Answer
from shared.database import Database
from tests.services.hotline.conftest import heard, order, platform, row_of, take, waiting
from tests.services.intake.paths import TABLES, fast_path, numbers_of
from tests.services.reference.conftest import packaged

__all__ = ["heard", "order", "packaged", "platform", "row_of", "take", "waiting"]

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]


@pytest.fixture
def file_at_once(db: Database, run: Run, reference: ReferenceData) -> Callable[..., list[str]]:
    """Return a function that stores filings, decided at once where possible, and returns their numbers."""

    def _file(filings: Sequence[Prepared], by: ReferenceData = reference) -> list[str]:
        return numbers_of(run(accept.accept_many(db, filings, fast_path(db, by))))

    return _file


@pytest.fixture
def file(db: Database, run: Run) -> Callable[[Sequence[Prepared]], list[Answer]]:
    """Return accept_many, run to its end."""

    def _file(prepared: Sequence[Prepared]) -> list[Answer]:
        answers: list[Answer] = run(accept.accept_many(db, prepared))
        return answers

    return _file


@pytest.fixture
def counts(ask: Ask) -> Callable[[], dict[str, int]]:
    """Return a function that counts the rows of each table that a filing writes."""
    return lambda: {table: ask(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}
