"""Views in tests: replies of carriers, orders of hotlines, time that goes by, pages of a list."""

import dataclasses
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.access.clients import Caller
from services.intake.preparation import IntakeContext
from services.routing import route
from services.views import client_list
from services.views.client_list import CasePage, ListFilter
from shared.database import Database
from tests.services.carriers.conftest import reply
from tests.services.deadlines.conftest import later, sweep_all, sweep_once
from tests.services.hotline.conftest import order, platform, see, take, tell, waiting

__all__ = [
    "later",
    "order",
    "platform",
    "reply",
    "see",
    "sweep_all",
    "sweep_once",
    "take",
    "tell",
    "waiting",
]


Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def page(db: Database, run: Run, intake_context: IntakeContext) -> Callable[..., dict[str, Any]]:
    """Return a function that reads one page."""

    def _page(*, caller: Caller = intake_context.caller, **wanted: Any) -> dict[str, Any]:
        page: CasePage = run(client_list.page(db, ListFilter(**wanted), caller=caller))
        return page.model_dump()

    return _page


SAME = "2026-11-20T10:00:00+08:00"
"""The moment of several receipts."""


@pytest.fixture
def then(intake_context: IntakeContext) -> IntakeContext:
    """Return the context of some days after SAME, whatever the day is today."""
    return dataclasses.replace(intake_context, now=datetime.fromisoformat(SAME) + timedelta(days=5))


@pytest.fixture
def route_all(db: Database, run: Run, intake_context: IntakeContext) -> Callable[[], int]:
    """Return a function that routes what waits."""
    return lambda: int(
        run(route.route_batch(db, intake_context.reference, size=500, lease=timedelta(minutes=1)))
    )
