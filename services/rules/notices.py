"""Who outside is told of what happens to a case: which events become messages, and what of them may be shown.

The enterprise hears of a case from its forwarding on; a hotline hears of its own orders. Messages hold codes and
moments; words go along only where the table names them, and then sealed. Nothing internal leaves: officers, notes,
duplicates, levels of suspicion.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.rules.deadlines.escalation import OF_ENTERPRISE


class Message(NamedTuple):
    """The type of a message, which data of the event it shows, which of its words go along, and for which limits only."""

    type: str
    shows: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    limits: frozenset[str] | None = None

    def concerns(self, data: Mapping[str, object]) -> bool:
        """Tell whether an event with these data is one for the recipient: not every limit is the enterprise's to keep."""
        return self.limits is None or data.get("deadline") in self.limits


_FINDING = ("close_reason", "responsibility", "responsible_unit", "failing_link", "recovered_fen")

TO_CARRIER: Mapping[str, Message] = MappingProxyType(
    {
        "FORWARDED": Message("case.forwarded", ("reply_due_at",)),
        "FOLLOW_UP": Message("case.follow_up", ("answer_by",)),
        "DEADLINE_REMINDER": Message("case.reminder", ("deadline", "step", "due_at"), limits=OF_ENTERPRISE),
        "REWORK": Message("case.rework", ("ground", "reply_due_at")),
        "REPLY_INCOMPLETE": Message("case.reply_incomplete", ("reply_ref", "missing")),
        "MEDIATING": Message("case.mediating"),
        "MEDIATION_PROPOSED": Message("case.mediation_proposed", ("answer_due_at",)),
        "CLOSED": Message("case.closed", _FINDING),
        "FINDING_CHANGED": Message("case.finding_changed", _FINDING),
        "WITHDRAWN": Message("case.withdrawn"),
        "TRANSFERRED": Message("case.transferred"),
        "MERGED": Message("case.merged", ("into",)),
        "UNMERGED": Message("case.unmerged"),
        "REOPENED": Message("case.reopened"),
        "EVIDENCE_SHARED": Message("case.evidence_added", ("evidence",)),
    }
)
"""By kind of event; only for cases that were forwarded."""

MOVED_ON = Message("case.moved")
"""To the enterprise that had a case which is now forwarded to another: it need do nothing more, and sees it no more."""

TO_HOTLINE: Mapping[str, Message] = MappingProxyType(
    {
        "ORDER_SIGNED": Message("order.signed"),
        "ACCEPTED": Message("order.accepted"),
        "SUPPLEMENT_ASKED": Message("order.supplement_asked", ("items", "supplement_due_at"), ("message",)),
        "REFUSED": Message("order.returned", ("ground", "legal_basis"), ("reason",)),
        "ORDER_RETURNED": Message("order.returned", ("return_reason",), ("reason",)),
        "TRANSFERRED": Message("order.returned", ("office",), ("reason",)),
        "FORWARDED": Message("order.handling"),
        "REWORK": Message("order.handling"),
        "REPLIED": Message("order.handling"),
        "MEDIATING": Message("order.handling"),
        "MEDIATION_PROPOSED": Message("order.handling"),
        "MERGED": Message("order.merged", ("into",)),
        "UNMERGED": Message("order.handling"),
        "EXTENSION_ASKED": Message("order.extension_asked", ("extend_to",), ("reason",)),
        "INTERIM_ANSWER": Message("order.interim_answer", ("total_due_at",), ("answer",)),
        "CLOSED": Message("order.answered", _FINDING, ("answer",)),
        "FINDING_CHANGED": Message("order.finding_changed", _FINDING),
        "WITHDRAWN": Message("order.withdrawn"),
        "REOPENED": Message("order.reopened"),
        "REDO_REFUSED": Message("order.redo_refused", ("because",), ("reason",)),
    }
)
"""By kind of event; for every order that follows the case."""
