"""Views in tests: replies of carriers, orders of hotlines, time that goes by, pages of a list."""

import dataclasses
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.access.clients import Caller
from services.cases.changes import KeyedContext
from services.casework.session import DeskSession
from services.intake.preparation import IntakeContext
from services.requests import parsing
from services.routing import route
from services.views import client_list, search
from services.views.client_list import CasePage, ListFilter
from services.views.search import SearchPage
from services.views.search_criteria import Search
from shared import serialisation
from shared.database import Database
from tests.services.carriers.conftest import reply
from tests.services.deadlines.conftest import later, sweep_all, sweep_once
from tests.services.hotline.conftest import order, platform, see, take, tell, waiting
from tests.services.reference.conftest import packaged

__all__ = [
    "later",
    "order",
    "packaged",
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

    def _page(*, caller: Caller = intake_context.caller, **filters: Any) -> dict[str, Any]:
        page: CasePage = run(client_list.page(db, ListFilter(**filters), caller=caller))
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


@pytest.fixture
def everyone(new_context: Callable[..., IntakeContext]) -> Caller:
    """Return a call centre that may read every case."""
    return new_context("complaint:read:all").caller


@pytest.fixture
def find(db: Database, run: Run, context: KeyedContext, everyone: Caller) -> Callable[..., dict[str, Any]]:
    """Return a function that searches, by default as a call centre that may read every case."""

    def _find(who: Caller | DeskSession = everyone, **criteria: Any) -> dict[str, Any]:
        form = parsing.read_one(serialisation.to_bytes(criteria), Search)
        page: SearchPage = run(search.search(db, form, who=who, context=context))
        return page.model_dump(exclude_unset=True)

    return _find
