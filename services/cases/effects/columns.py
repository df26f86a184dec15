"""The columns that a move of a case sets by itself: status, stamps, what an undone end leaves empty."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from services.cases.case_update import CaseUpdate
from services.cases.changes import WorkerContext
from services.cases.planned_case import PlannedCase
from services.rules.states.table import Move
from shared import bulk
from shared.vocabulary import ENDED, Status

_Stamp = Literal["accepted_at", "forwarded_at", "replied_at", "refused_at", "closed_at"]
_STAMPS: Mapping[Status, _Stamp] = MappingProxyType(
    {
        Status.ACCEPTED: "accepted_at",
        Status.FORWARDED: "forwarded_at",
        Status.REPLIED: "replied_at",
        Status.REFUSED: "refused_at",
        Status.CLOSED: "closed_at",
    }
)
_UNDONE: Mapping[Status, CaseUpdate] = MappingProxyType(
    {
        Status.REFUSED: {"refused_at": None, "refusal_ground": None},
        Status.CLOSED: {"closed_at": None, "close_reason": None},
        Status.MERGED: {"merged_into_bucket": None, "merged_into": None, "merged_from": None},
    }
)
_UNCLAIMED: CaseUpdate = {"claimed_by": None, "claimed_at": None}


def follow(cases: Sequence[PlannedCase], _context: WorkerContext) -> Sequence[bulk.Part]:
    """Set what a move implies; a column that the change names itself holds."""
    for planned in cases:
        if planned.move is not None:
            planned.columns = _implied(planned, planned.move) | planned.columns
    return ()


def _implied(planned: PlannedCase, move: Move) -> CaseUpdate:
    moment = planned.case.moment
    columns: CaseUpdate = {"status": move.target, "status_since": moment}
    stamp = _STAMPS.get(move.target)
    # the first time counts for what happens more than once; the end is the last one
    if stamp is not None and (move.target in ENDED or getattr(planned.case, stamp) is None):
        columns[stamp] = moment
    if move.target in ENDED:
        # nobody works what has ended
        columns |= _UNCLAIMED
    undone = _UNDONE.get(move.source) if move.source is not None else None
    return columns | undone if undone is not None else columns
