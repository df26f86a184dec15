"""Return visits: each attempt is kept; what they amount to decides whether a case may be closed.

A first call that failed is followed by a second after four hours; still unreached, the case may close (2014 [V3]).
Satisfaction with the administration and with the enterprise are asked apart, for the circular counts them apart.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import numbering
from services.cases.case_row import CaseRow
from services.cases.case_update import CaseUpdate
from services.fields import Form, SealedText
from services.rules.deadlines.schedule import DeadlineRules
from shared.models.casework import visit

DESK, HOTLINE = "DESK", "HOTLINE"
SECOND_CALL = timedelta(hours=4)
"""What holds where the rules in force name no wait before the second call."""


class Visit(Form):
    """One attempt to reach the user, and what the user said."""

    reached: bool
    account_matches: bool | None = None
    solved: bool | None = None
    satisfied_administration: bool | None = None
    satisfied_enterprise: bool | None = None
    note: SealedText | None = None

    @model_validator(mode="after")
    def _has_no_answers_of_nobody(self) -> Self:
        answers = (
            self.account_matches,
            self.solved,
            self.satisfied_administration,
            self.satisfied_enterprise,
        )
        if not self.reached and any(answer is not None for answer in answers):
            raise PydanticCustomError(
                "not-reached",
                "a user who was not reached said nothing: give only `note`, or `reached` as true",
            )
        return self


class StoredVisit(NamedTuple):
    """A return visit, as it is stored."""

    seq: int
    at: datetime
    by: str
    source: str
    reached: bool
    account_matches: bool | None
    solved: bool | None
    satisfied_administration: bool | None
    satisfied_enterprise: bool | None


@dataclass(frozen=True, slots=True)
class Verified:
    """What the visits since the last reply verify."""

    reached: bool = False
    matches: bool = False
    unreachable: bool = False


async def add(connection: AsyncConnection, case: CaseRow, form: Visit, *, by: str, source: str) -> int:
    """Store a visit; returns its number within the case."""
    seq = await numbering.next_seq(connection, visit, case)
    values = form.model_dump(exclude={"note"}) | {
        "bucket": case.bucket,
        "complaint_id": case.id,
        "seq": seq,
        "at": case.moment,
        "by": by,
        "source": source,
    }
    await connection.execute(insert(visit).values(values))
    return seq


async def of_case(connection: AsyncConnection, bucket: int, complaint_id: uuid.UUID) -> list[StoredVisit]:
    """Return the visits of a case, oldest first."""
    statement = (
        select(*(visit.c[name] for name in StoredVisit._fields))
        .where(visit.c.bucket == bucket, visit.c.complaint_id == complaint_id)
        .order_by(visit.c.seq)
    )
    return [StoredVisit._make(row) for row in await connection.execute(statement)]


def satisfaction(form: Visit) -> CaseUpdate:
    """Return the columns of a case that hold with whom its user is satisfied; an answer that is missing sets none."""
    columns: CaseUpdate = {}
    if form.satisfied_administration is not None:
        columns["satisfied_administration"] = form.satisfied_administration
    if form.satisfied_enterprise is not None:
        columns["satisfied_enterprise"] = form.satisfied_enterprise
    return columns


def wait_before_second(rules: DeadlineRules) -> timedelta:
    """Return how long after a call that failed the second one may be made."""
    amount, unit = rules.amounts.get("second_call", (4, "hour"))
    return timedelta(hours=amount) if unit == "hour" else SECOND_CALL


def verified(visits: Sequence[StoredVisit], since: datetime | None, wait: timedelta) -> Verified:
    """Return what the bureau's own visits since a moment verify: the last answer of a user who was reached counts.

    A hotline asks how content the user is, and verifies no reply for the bureau. Unreachable is a user whom two calls,
    far enough apart, did not reach, and none after them did.
    """
    counted = [each for each in visits if each.source == DESK and (since is None or each.at >= since)]
    answered = [each for each in counted if each.reached]
    if answered:
        return Verified(reached=True, matches=answered[-1].account_matches is True)
    tries = [each.at for each in counted]
    return Verified(unreachable=len(tries) > 1 and tries[-1] - tries[0] >= wait)
