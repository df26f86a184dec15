"""Another level brings its targets and copies; legal deadlines move for none, nor does anything of a case that ended."""

from datetime import timedelta
from typing import Any

import pytest

from services.cases import level_change
from services.cases.level_change import Levelled
from services.reference.data import ReferenceData
from services.rules.deadlines.schedule import TARGETS
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind, Level
from tests.services.case_rows import RECEIVED, head


def _changed(packaged: ReferenceData, after: Level, **case: Any) -> Levelled:
    return level_change.changed(head(**case), after, [], packaged, {"trigger": "MEDIA"})


def test_a_raised_level_says_why_and_goes_to_the_bureaus_that_get_copies(packaged: ReferenceData) -> None:
    raised = _changed(packaged, Level.CRITICAL)
    assert raised.event.kind is EventKind.LEVEL_RAISED
    assert raised.event.data == {"from": Level.NORMAL, "to": Level.CRITICAL, "trigger": "MEDIA"}
    assert raised.columns == {"level": Level.CRITICAL, "copied_to": "{P330000,N000000}"}


def test_targets_of_a_raised_level_begin_now_and_of_a_lowered_one_from_the_beginning(
    packaged: ReferenceData,
) -> None:
    raised = _changed(packaged, Level.KEY)
    lowered = _changed(packaged, Level.ATTENTION, level="L2")
    moment, routed = RECEIVED + timedelta(days=1), RECEIVED + timedelta(seconds=1)
    assert {started.started_at for started in raised.targets.starts} == {moment}
    assert {started.started_at for started in lowered.targets.starts} == {routed}
    assert lowered.event.kind is EventKind.LEVEL_LOWERED
    assert lowered.columns["copied_to"] == "{}"
    moved = {*raised.targets.stops, *(started.key for started in raised.targets.starts)}
    assert moved <= set(TARGETS)
    assert DeadlineKind.CLOSE_TARGET in moved


def test_before_the_routing_no_target_begins(packaged: ReferenceData) -> None:
    levelled = _changed(packaged, Level.KEY, routed_at=None, handling_bureau=None, province="000000")
    assert levelled.targets == ((), [])
    assert levelled.columns["level"] is Level.KEY


@pytest.mark.parametrize("status", ["CLOSED", "REFUSED", "WITHDRAWN", "MERGED", "TRANSFERRED"])
def test_what_has_ended_gets_neither_targets_nor_copies(status: str, packaged: ReferenceData) -> None:
    levelled = _changed(packaged, Level.CRITICAL, status=status)
    assert (levelled.columns, levelled.targets) == ({"level": Level.CRITICAL}, ((), []))
