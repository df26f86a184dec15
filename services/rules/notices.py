"""Which events of a case become messages to carriers and hotlines, and what the messages may show.

An enterprise gets messages of a case after it was forwarded; a hotline gets those of its own orders. Messages hold
codes and times, and texts only where the table names them; these are sealed. Internal facts are never sent: officers,
notes, duplicates, levels of suspicion.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.rules.deadlines.escalation import OF_ENTERPRISE
from shared.event_kinds import EventKind


class Message(NamedTuple):
    """A message: its type, which data and which texts of the event it shows, and for which deadlines it is sent."""

    type: str
    shows: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    deadlines: frozenset[str] | None = None

    def concerns(self, data: Mapping[str, object]) -> bool:
        """Tell whether an event with these data concerns the recipient: an enterprise keeps only some of the deadlines."""
        return self.deadlines is None or data.get("deadline") in self.deadlines


_FINDING = ("close_reason", "responsibility", "responsible_unit", "failing_link", "recovered_fen")

TO_CARRIER: Mapping[EventKind, Message] = MappingProxyType(
    {
        EventKind.FORWARDED: Message("case.forwarded", ("reply_due_at",)),
        EventKind.FOLLOW_UP: Message("case.follow_up", ("answer_by",)),
        EventKind.DEADLINE_REMINDER: Message(
            "case.reminder", ("deadline", "step", "due_at"), deadlines=OF_ENTERPRISE
        ),
        EventKind.REWORK: Message("case.rework", ("ground", "reply_due_at")),
        EventKind.REPLY_INCOMPLETE: Message("case.reply_incomplete", ("reply_ref", "missing")),
        EventKind.MEDIATING: Message("case.mediating"),
        EventKind.MEDIATION_PROPOSED: Message("case.mediation_proposed", ("answer_due_at",)),
        EventKind.CLOSED: Message("case.closed", _FINDING),
        EventKind.FINDING_CHANGED: Message("case.finding_changed", _FINDING),
        EventKind.WITHDRAWN: Message("case.withdrawn"),
        EventKind.TRANSFERRED: Message("case.transferred"),
        EventKind.MERGED: Message("case.merged", ("into",)),
        EventKind.UNMERGED: Message("case.unmerged"),
        EventKind.REOPENED: Message("case.reopened"),
        EventKind.EVIDENCE_SHARED: Message("case.evidence_added", ("evidence",)),
    }
)
"""By kind of event; only for cases that were forwarded."""

MOVED_ON = Message("case.moved")
"""To the enterprise that had a case which is now forwarded to another: it need do nothing more, and sees it no more."""

TO_HOTLINE: Mapping[EventKind, Message] = MappingProxyType(
    {
        EventKind.ORDER_SIGNED: Message("order.signed"),
        EventKind.ACCEPTED: Message("order.accepted"),
        EventKind.SUPPLEMENT_REQUESTED: Message(
            "order.supplement_requested", ("items", "supplement_due_at"), ("message",)
        ),
        EventKind.REFUSED: Message("order.returned", ("ground", "legal_basis"), ("reason",)),
        EventKind.ORDER_RETURNED: Message("order.returned", ("return_reason",), ("reason",)),
        EventKind.TRANSFERRED: Message("order.returned", ("office",), ("reason",)),
        EventKind.FORWARDED: Message("order.handling"),
        EventKind.REWORK: Message("order.handling"),
        EventKind.REPLIED: Message("order.handling"),
        EventKind.MEDIATING: Message("order.handling"),
        EventKind.MEDIATION_PROPOSED: Message("order.handling"),
        EventKind.MERGED: Message("order.merged", ("into",)),
        EventKind.UNMERGED: Message("order.handling"),
        EventKind.EXTENSION_REQUESTED: Message("order.extension_requested", ("extend_to",), ("reason",)),
        EventKind.INTERIM_ANSWER: Message("order.interim_answer", ("total_due_at",), ("answer",)),
        EventKind.CLOSED: Message("order.answered", _FINDING, ("answer",)),
        EventKind.FINDING_CHANGED: Message("order.finding_changed", _FINDING),
        EventKind.WITHDRAWN: Message("order.withdrawn"),
        EventKind.REOPENED: Message("order.reopened"),
        EventKind.REDO_REFUSED: Message("order.redo_refused", ("reason_code",), ("reason",)),
    }
)
"""By kind of event; for every order that follows the case."""


class Notices(NamedTuple):
    """The messages of a kind of case to each audience, by kind of event."""

    to_carrier: Mapping[EventKind, Message]
    to_hotline: Mapping[EventKind, Message]


OF_COMPLAINTS = Notices(TO_CARRIER, TO_HOTLINE)
"""The audiences of a consumer complaint."""
