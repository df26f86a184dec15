"""How a case begins: its first status, and the insert of its row on each of the ways that lead into the database."""

from collections.abc import Callable

from services.cases.new_case import HistoricalCase, NewCase
from services.rules import kinds
from services.rules.states.facts import FreeVerb
from services.rules.states.verbs import Actor, Verb
from shared import bulk
from shared.models import cases
from shared.vocabulary import CaseKind, Status


def opening_status(actor: Actor) -> Status:
    """Return the status in which a case begins its life here: received, or closed where history is taken over."""
    verb: FreeVerb = Verb.IMPORT if actor is Actor.IMPORT else Verb.RECEIVE
    return kinds.states_of(CaseKind.CONSUMER_COMPLAINT).check(verb, None, actor).target


_OPENED = tuple(NewCase.__annotations__)
_DECIDED = (
    "version",
    "status_since",
    "handling_bureau",
    "supervising_bureau",
    "province",
    "triage",
    "copied_to",
    "routed_at",
    "accepted_at",
    "forwarded_at",
    "created_at",
)
"""What the machine's decision sets when it is made in the transaction that stores the case."""
_RECEIVED = bulk.into(cases.complaint, _OPENED)
_WITH_OUTCOME = bulk.into(cases.complaint, tuple(HistoricalCase.__annotations__))
_WITH_DECISION = bulk.into(cases.complaint, _OPENED + _DECIDED)
_WRITTEN = frozenset(_OPENED + _DECIDED)
_NOT_YET = {"accepted_at": None, "forwarded_at": None}
CaseInsert = Callable[[bulk.Rows], bulk.Part]


def received(rows: bulk.Rows) -> bulk.Part:
    """Return the insert of cases that wait for the worker."""
    return _RECEIVED, rows


def with_outcome(rows: bulk.Rows) -> bulk.Part:
    """Return the insert of history, which carries its outcome and its place with it."""
    return _WITH_OUTCOME, rows


def decided(rows: bulk.Rows) -> bulk.Part:
    """Return the insert of cases that were decided at once. Raises ValueError for a column that it would lose."""
    complete = [{**_NOT_YET, "status_since": row["created_at"], **row} for row in rows]
    for row in complete:
        if not _WRITTEN.issuperset(row):
            raise ValueError(
                f"an opened case has more columns than are inserted: {sorted(row.keys() - _WRITTEN)}"
            )
    return _WITH_DECISION, complete
