"""Who hands evidence in and who may take it out: the client that filed, the officer, the enterprise.

A client sees what it handed in itself. An enterprise sees what it handed in itself and what an officer shares with it. An
officer sees all of a case that the bureau may see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.access.clients import Caller
from services.cases import lookup, merges, outbox
from services.cases.case_row import CaseRow
from services.cases.lookup import Visibility
from services.cases.outbox import CARRIER
from services.casework.session import DeskSession
from services.rules.states.verbs import Actor
from shared.models.cases import complaint
from shared.models.evidence import evidence


class Follow(Protocol):
    """Finds the case that a merged one is handled with."""

    async def __call__(self, connection: AsyncConnection, row: CaseRow, *, lock: bool = False) -> CaseRow:
        """Return the surviving case, or the row itself."""


FILER, OFFICER, ENTERPRISE = "FILER", "OFFICER", "ENTERPRISE"
_E = evidence.c


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a case: which cases it sees, as whom it acts, which of a case's files it sees, how it follows a merge."""

    source: str
    actor: Actor
    by: str
    key: str
    scope: Visibility
    sees: Sequence[ColumnElement[bool]]
    desk: DeskSession | None = None
    """An officer's own."""
    follow: Follow = merges.follow


def of_filer(caller: Caller) -> Side:
    """Return the side of the client that filed; also a client that may read every case handles files of its own only."""
    scope = (complaint.c.client_id == caller.client_id,)
    return Side(
        FILER, Actor.USER, caller.name, caller.name, scope, (_E.source == FILER, _E.by == caller.name)
    )


def of_officer(desk: DeskSession) -> Side:
    """Return the side of an officer."""
    return Side(
        OFFICER, desk.actor, desk.by, desk.caller.name, lookup.of_bureau(desk.bureau), (true(),), desk
    )


def of_enterprise(caller: Caller) -> Side:
    """Return the side of an enterprise."""
    assert caller.carrier_code is not None  # noqa: S101 - a key with the scope carrier:exchange has one
    by = outbox.audience(CARRIER, caller.carrier_code)
    own = (_E.source == ENTERPRISE) & (_E.by == by)
    return Side(
        ENTERPRISE,
        Actor.ENTERPRISE,
        by,
        caller.name,
        lookup.of_carrier(caller.carrier_code),
        (own | _E.shared,),
        follow=merges.follow_of_carrier,
    )
