"""How a case begins: its row, its first event, its running deadlines, and by the same statement what else belongs to it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import events, stored_deadlines
from services.cases.events import Event
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


_OPENED = (
    "bucket",
    "id",
    "number",
    "client_id",
    "external_ref",
    "cites",
    "scope",
    "channel",
    "status",
    "level",
    "business",
    "business_type",
    "carrier_code",
    "issue_code",
    "issue_detail_code",
    "taxonomy_version",
    "role",
    "agent_authorised",
    "elements_complete",
    "goods",
    "urgency",
    "dispute_region",
    "mailing_region",
    "delivery_region",
    "complainant_region",
    "upper_assignment",
    "declared_value_fen",
    "freight_fen",
    "requested_fen",
    "mailed_on",
    "enterprise_outcome",
    "enterprise_complained_on",
    "other_procedure",
    "outlet",
    "confidential",
    "hotline_orders",
    "received_at",
    "total_due_at",
    "next_due_at",
    "deadline_version",
)
_OUTCOME = (
    "accepted_at",
    "closed_at",
    "close_reason",
    "responsibility",
    "failing_link",
    "satisfied_administration",
    "satisfied_enterprise",
    "reply_overdue",
    "reply_untruthful",
    "recovered_fen",
    "handling_bureau",
    "supervising_bureau",
    "province",
    "routed_at",
)
_PLAIN = bulk.into(cases.complaint, _OPENED)
_WITH_OUTCOME = bulk.into(cases.complaint, _OPENED + _OUTCOME)


async def open_many(
    connection: AsyncConnection,
    rows: Sequence[dict[str, Any]],
    first: Iterable[Event],
    *,
    with_outcome: bool,
    clocks: Sequence[dict[str, Any]],
    also: Sequence[bulk.Part],
) -> None:
    """Insert new cases with their first events and deadlines, and by the same statement what else belongs to them.

    History carries its outcome and its place with it, and no deadline runs for it.
    """
    opened = (_WITH_OUTCOME if with_outcome else _PLAIN, rows)
    await bulk.run_together(
        connection, [opened, events.additions(first), stored_deadlines.additions(clocks), *also]
    )
