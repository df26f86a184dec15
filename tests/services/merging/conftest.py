"""Merging in tests: the hotline's orders, which follow their case, and the worker that merges what is proven."""

from collections.abc import Callable

import pytest

from services.merging import proven
from services.reference.data import ReferenceData
from shared.database import Database
from tests.services.desks import HOUR, Run
from tests.services.hotline.conftest import heard, order, platform, see, take

__all__ = ["heard", "order", "platform", "see", "take"]


@pytest.fixture
def merge_proven(db: Database, run: Run, reference: ReferenceData) -> Callable[[], int]:
    """Return a function that does what the worker does about proven repetitions."""
    return lambda: int(run(proven.merge_batch(db, reference, size=100, lease=HOUR)))
