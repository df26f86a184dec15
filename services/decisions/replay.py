"""Replays a stored routing decision: the same facts under today's rules and reference data, and what differs."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.decisions import decide
from services.reference.cache import ReferenceCache
from shared import ids, serialisation
from shared.database import Database
from shared.errors import NotFoundError
from shared.event_kinds import EventKind
from shared.models.cases import case_event, complaint
from shared.vocabulary import CaseScope


@dataclass(frozen=True, slots=True)
class Replay:
    """Whether the rules decide today as they decided then; if not, which parts of the decision differ.

    `reference_then` and `reference_now` are the versions of the reference data: where they differ, so may the outcome.
    """

    number: str
    identical: bool
    differences: tuple[str, ...]
    reference_then: int
    reference_now: int


async def replay(db: Database, number: str) -> Replay:
    """Decide a case anew from its stored facts. Raises NotFoundError for a number unknown or not yet routed."""
    statement = (
        select(case_event.c.data, complaint.c.scope)
        .join(
            complaint,
            (complaint.c.bucket == case_event.c.bucket) & (complaint.c.id == case_event.c.complaint_id),
        )
        .where(complaint.c.number == number, case_event.c.kind.in_((EventKind.ROUTED, EventKind.IMPORTED)))
        .order_by(case_event.c.seq.desc())
        .limit(1)
    )
    if ids.is_complaint_number(number):
        statement = statement.where(complaint.c.bucket == ids.bucket_of_number(number))
    async with db.transaction() as connection:
        found = (await connection.execute(statement)).one_or_none()
    if found is None:
        raise NotFoundError(f"no routed case {number}")
    reference = await ReferenceCache(db).reference()
    facts = decide.facts_from_json(found.data["facts"])
    record = decide.as_record(
        facts, decide.decide(facts, reference, live=found.scope == CaseScope.LIVE), reference
    )
    then = {name: value for name, value in found.data.items() if name in record}
    again = serialisation.from_text(serialisation.to_text(record))
    reference_then, reference_now = then.pop("reference"), again.pop("reference")
    differences = tuple(_differences(then, again, ""))
    return Replay(number, not differences, differences, reference_then, reference_now)


def _differences(stored: Any, again: Any, place: str) -> list[str]:
    if isinstance(stored, dict) and isinstance(again, dict):
        keys = sorted(stored.keys() | again.keys())
        return [
            line for key in keys for line in _differences(stored.get(key), again.get(key), f"{place}/{key}")
        ]
    return [] if stored == again else [f"{place}: then {stored!r}, now {again!r}"]
