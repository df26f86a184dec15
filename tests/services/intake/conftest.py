"""What tests of intake share: filings that are stored at once."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from services.intake import accept
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from shared.database import Database
from tests.services.intake.roads import fast_road, numbers_of

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def file_at_once(db: Database, run: Run, reference: ReferenceData) -> Callable[..., list[str]]:
    """Return a function that stores filings, decided at once where possible, and returns their numbers."""

    def _file(filings: Sequence[Prepared], by: ReferenceData = reference) -> list[str]:
        return numbers_of(run(accept.accept_many(db, filings, fast_road(db, by))))

    return _file
