"""What an officer is to do next with a case, as one short code beside it in a list. Pure.

It names the work, not the permission: which steps are allowed stands in the case itself.
"""

from collections.abc import Mapping
from types import MappingProxyType

from shared.vocabulary import DeadlineKind, Status

NOTHING = "NOTHING"
ROUTING = "WAIT_FOR_ROUTING"
PLACE = "CONFIRM_PLACE"
STEPS: Mapping[Status, tuple[str, str]] = MappingProxyType(
    {
        Status.RECEIVED: ("DECIDE_ADMISSION", "DECIDE_ADMISSION"),
        Status.AWAITING_SUPPLEMENT: ("WAIT_FOR_USER", "DECIDE_WITHOUT_SUPPLEMENT"),
        Status.ACCEPTED: ("FORWARD", "FORWARD"),
        Status.FORWARDED: ("WAIT_FOR_ENTERPRISE", "URGE_ENTERPRISE"),
        Status.REPLIED: ("VERIFY_REPLY", "VERIFY_REPLY"),
        Status.REWORK: ("WAIT_FOR_ENTERPRISE", "URGE_ENTERPRISE"),
        Status.MEDIATING: ("ISSUE_OPINION", "ISSUE_OPINION"),
        Status.MEDIATION_PROPOSED: ("WAIT_FOR_ANSWERS", "CONCLUDE"),
    }
)
"""By status: while the limit of the state runs, and after it has run out. With some the officer waits for others."""
_WAITED_FOR = frozenset(
    {
        DeadlineKind.SUPPLEMENT,
        DeadlineKind.ENTERPRISE_REPLY,
        DeadlineKind.REWORK_REPLY,
        DeadlineKind.MEDIATION_ANSWER,
    }
)
_TO_DO: Mapping[str, str] = MappingProxyType(
    {
        DeadlineKind.FIRST_CONTACT: "CONTACT_USER",
        DeadlineKind.PROGRESS_REPORT: "REPORT_PROGRESS",
        DeadlineKind.SECOND_CALL: "CALL_AGAIN",
        DeadlineKind.HOTLINE_SIGN: "SIGN_ORDER",
        DeadlineKind.HOTLINE_ANSWER: "ANSWER_HOTLINE",
    }
)
"""Limits that ask for something beside the state: while theirs is the nearest, that comes first."""


def what_next(status: Status, nearest: str | None, *, overdue: bool, triage: bool, routed: bool) -> str:
    """Return what is to be done next: by the status, and by the limit that runs out first (`nearest`)."""
    if status not in STEPS:
        return NOTHING
    if not routed:
        return ROUTING
    if triage and status is Status.RECEIVED:
        return PLACE
    if nearest is not None and nearest in _TO_DO:
        return _TO_DO[nearest]
    in_time, late = STEPS[status]
    return late if overdue and nearest in _WAITED_FOR else in_time
