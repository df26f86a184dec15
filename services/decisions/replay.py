"""Replays stored decisions: the same facts under today's rules and reference data, and what differs. Reads only."""

import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select, select, text, tuple_

from services.decisions import decide, document
from services.decisions.decide import CaseDecision
from services.decisions.document import DecisionDocument
from services.reference.cache import ReferenceCache
from services.reference.data import ReferenceData
from shared import ids, serialisation
from shared.database import Database
from shared.errors import NotFoundError
from shared.event_kinds import EventKind
from shared.models.cases import case_event, complaint

DECISIONS = (EventKind.ROUTED, EventKind.IMPORTED, EventKind.CONDITIONS_REEVALUATED)
"""Kinds of events whose data are the document of a decision."""
BATCH = 1_000
_EVENT = case_event.c
_PARTS = DecisionDocument.__annotations__.keys() - {"reference"}
_READ_ONLY = text("SET TRANSACTION READ ONLY")
_PLACE = (_EVENT.bucket, _EVENT.complaint_id, _EVENT.seq)


@dataclass(frozen=True, slots=True)
class DecisionReplay:
    """Whether the rules decide today as they decided then; if not, which parts of the decision differ.

    `seq` is the number of the event that holds the decision. `reference_then` and `reference_now` are the versions of the
    reference data: where they differ, so may the outcome.
    """

    number: str
    seq: int
    identical: bool
    differences: tuple[str, ...]
    reference_then: int
    reference_now: int


class _StoredDecision(NamedTuple):
    """The event that holds a decision, with the number of its case."""

    bucket: int
    complaint_id: uuid.UUID
    seq: int
    data: DecisionDocument
    number: str


def _decisions() -> Select[*tuple[object, ...]]:
    of_case = (complaint.c.bucket == _EVENT.bucket) & (complaint.c.id == _EVENT.complaint_id)
    return (
        select(*_PLACE, _EVENT.data, complaint.c.number)
        .join(complaint, of_case)
        .where(_EVENT.kind.in_(DECISIONS))
    )


async def replay(db: Database, number: str) -> list[DecisionReplay]:
    """Replay every decision of a case, oldest first. Raises NotFoundError for a number unknown or not yet routed."""
    statement = _decisions().where(complaint.c.number == number).order_by(_EVENT.seq)
    if ids.is_complaint_number(number):
        statement = statement.where(complaint.c.bucket == ids.bucket_of_number(number))
    rows = await _read(db, statement)
    if not rows:
        raise NotFoundError(f"no routed case {number}")
    reference = await ReferenceCache(db).reference()
    return [_replayed(row, reference) for row in rows]


async def replay_all(db: Database, *, size: int = BATCH) -> AsyncIterator[list[DecisionReplay]]:
    """Replay every stored decision, batch by batch in the order of cases and events. Each batch is one statement."""
    reference = await ReferenceCache(db).reference()
    statement = _decisions().order_by(*_PLACE).limit(size)
    rows = await _read(db, statement)
    while rows:
        yield [_replayed(row, reference) for row in rows]
        rows = await _read(db, statement.where(tuple_(*_PLACE) > tuple_(*rows[-1][: len(_PLACE)])))


async def _read(db: Database, statement: Select[*tuple[object, ...]]) -> list[_StoredDecision]:
    async with db.transaction() as connection:
        await connection.execute(_READ_ONLY)
        return [_StoredDecision._make(row) for row in await connection.execute(statement)]


def _replayed(row: _StoredDecision, reference: ReferenceData) -> DecisionReplay:
    stored = row.data
    try:
        decided = _decided_again(stored, reference)
    except (KeyError, TypeError, ValueError) as error:
        # a document that cannot be read differs from every decision; the error names the field, never a person
        return _replay(row, [f"/facts: cannot be read ({type(error).__name__})"], reference)
    return _replay(row, _differences(_comparable(stored), _comparable(decided), ""), reference)


def _replay(row: _StoredDecision, differences: list[str], reference: ReferenceData) -> DecisionReplay:
    return DecisionReplay(
        number=row.number,
        seq=row.seq,
        identical=not differences,
        differences=tuple(differences),
        reference_then=row.data.get("reference", 0),
        reference_now=reference.version,
    )


def _decided_again(stored: DecisionDocument, reference: ReferenceData) -> DecisionDocument:
    facts = document.facts_from_json(stored["facts"])
    if "level" in stored:
        return document.build(facts, decide.route(facts, reference), reference)
    if "jurisdiction" in stored:
        return document.build(facts, CaseDecision(placed=decide.place(facts, reference)), reference)
    return document.build(facts, CaseDecision(admission=decide.readmit(facts, reference)), reference)


def _comparable(stored: DecisionDocument) -> Mapping[str, object]:
    """Return a document as it is read back from JSON, its parts alone: the version of the reference data may differ."""
    read: dict[str, object] = serialisation.from_text(serialisation.to_text(stored))
    return {name: value for name, value in read.items() if name in _PARTS}


def _differences(stored: object, again: object, place: str) -> list[str]:
    if isinstance(stored, dict) and isinstance(again, dict):
        keys = sorted(stored.keys() | again.keys())
        return [
            line for key in keys for line in _differences(stored.get(key), again.get(key), f"{place}/{key}")
        ]
    return [] if stored == again else [f"{place}: then {stored!r}, now {again!r}"]
