"""The consequences of changes in tests: a change without a database, planned, and what follows from it."""

from collections.abc import Callable
from typing import Any

import pytest

from services.cases import planned_case
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.cases.effects import EFFECTS
from services.cases.planned_case import PlannedCase
from services.reference import data, files
from services.rules.kinds import KINDS, Kinds
from services.rules.states.verbs import Actor
from tests.services.case_rows import head


@pytest.fixture(scope="session")
def context() -> WorkerContext:
    """Return what changes are written with, by the packaged reference data."""
    return WorkerContext(data.build(1, "packaged", files.read(files.PACKAGED).values()))


@pytest.fixture
def follow(context: WorkerContext) -> Callable[..., PlannedCase]:
    """Return a function that says what follows from a change of a case: its events, and more of `CaseChange`."""

    def _follow(*events: NewEvent, case: dict[str, Any], kinds: Kinds = KINDS, **change: Any) -> PlannedCase:
        requested = CaseChange(case=head(**case), actor=Actor.REVIEWER, new_events=events, **change)
        planned = planned_case.plan(requested, (), kinds)
        for effect in EFFECTS:
            effect([planned], context)
        return planned

    return _follow
