"""The history of cases: the rows of the new events, numbered on from the version, their words sealed."""

from collections.abc import Iterable, Sequence

from services.cases import events
from services.cases.changes import WorkerContext
from services.cases.events import Event
from services.cases.planned_case import PlannedCase
from shared import bulk


def follow(cases: Sequence[PlannedCase], _context: WorkerContext) -> Sequence[bulk.Part]:
    """Return the insert of all new events."""
    return [events.additions(event for planned in cases for event in _events(planned))]


def _events(planned: PlannedCase) -> Iterable[Event]:
    case, change = planned.case, planned.change
    for seq, event in enumerate(planned.new_events, case.version + 1):
        sealed = events.seal_words(event.words, complaint_id=case.id, seq=seq)
        yield Event(case.bucket, case.id, seq, event.kind, change.actor, event.data, change.by, sealed)
