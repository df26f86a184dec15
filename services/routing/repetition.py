"""What routing does about repetitions: looked for where the waybill was seen before, proposed, merged if proven."""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases.changes import CaseChange, NewEvent
from services.merging import detection
from services.merging.detection import Candidate
from services.reference.data import ReferenceData
from services.routing.gathering import Gathered
from services.tasks import queue
from shared.event_kinds import EventKind
from shared.vocabulary import Status

EarlierCases = Mapping[uuid.UUID, list[Candidate]]
"""Earlier cases that may be the same matter, by the id of the later one."""


async def earlier(
    connection: AsyncConnection, gathered: Sequence[Gathered], reference: ReferenceData
) -> EarlierCases:
    """Return the earlier cases that may be the same matter; read only where the waybill came before.

    Of a case that ended before it was routed nothing is proposed.
    """
    repeated = [
        case.row
        for case in gathered
        if case.row.status == Status.RECEIVED
        and (case.facts.same_waybill_open or case.facts.same_matter_number)
    ]
    return await detection.earlier(connection, repeated, reference.duplicates)


def proposed(repeats: Sequence[Candidate]) -> list[NewEvent]:
    """Return the event that proposes them to an officer, if there are any."""
    cases = [{"number": earlier.number, "evidence": earlier.evidence} for earlier in repeats]
    return [NewEvent(EventKind.DUPLICATE_PROPOSED, {"cases": cases})] if cases else []


def tasks(changes: Sequence[CaseChange], repeats: EarlierCases) -> list[dict[str, object]]:
    """Return what follows: a proven repetition that was not accepted is merged."""
    return [
        queue.row(change.case.bucket, queue.MERGE, change.case.id)
        for change in changes
        if change.move is None and detection.proven(repeats.get(change.case.id, ()))
    ]
