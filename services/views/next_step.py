"""What an officer does next with a case, as one code beside it in a list. Pure.

It names the work, not the permission: which steps are allowed stands in the case itself.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from shared.vocabulary import DeadlineKind, Status


class NextStep(StrEnum):
    """What is to be done next with a case."""

    NOTHING = "NOTHING"
    WAIT_FOR_ROUTING = "WAIT_FOR_ROUTING"
    CONFIRM_PLACE = "CONFIRM_PLACE"
    DECIDE_ADMISSION = "DECIDE_ADMISSION"
    WAIT_FOR_USER = "WAIT_FOR_USER"
    DECIDE_WITHOUT_SUPPLEMENT = "DECIDE_WITHOUT_SUPPLEMENT"
    FORWARD = "FORWARD"
    WAIT_FOR_ENTERPRISE = "WAIT_FOR_ENTERPRISE"
    URGE_ENTERPRISE = "URGE_ENTERPRISE"
    VERIFY_REPLY = "VERIFY_REPLY"
    ISSUE_OPINION = "ISSUE_OPINION"
    WAIT_FOR_ANSWERS = "WAIT_FOR_ANSWERS"
    CONCLUDE = "CONCLUDE"
    CONTACT_USER = "CONTACT_USER"
    REPORT_PROGRESS = "REPORT_PROGRESS"
    CALL_AGAIN = "CALL_AGAIN"
    SIGN_ORDER = "SIGN_ORDER"
    ANSWER_HOTLINE = "ANSWER_HOTLINE"


STEPS: Mapping[Status, tuple[NextStep, NextStep]] = MappingProxyType(
    {
        Status.RECEIVED: (NextStep.DECIDE_ADMISSION, NextStep.DECIDE_ADMISSION),
        Status.AWAITING_SUPPLEMENT: (NextStep.WAIT_FOR_USER, NextStep.DECIDE_WITHOUT_SUPPLEMENT),
        Status.ACCEPTED: (NextStep.FORWARD, NextStep.FORWARD),
        Status.FORWARDED: (NextStep.WAIT_FOR_ENTERPRISE, NextStep.URGE_ENTERPRISE),
        Status.REPLIED: (NextStep.VERIFY_REPLY, NextStep.VERIFY_REPLY),
        Status.REWORK: (NextStep.WAIT_FOR_ENTERPRISE, NextStep.URGE_ENTERPRISE),
        Status.MEDIATING: (NextStep.ISSUE_OPINION, NextStep.ISSUE_OPINION),
        Status.MEDIATION_PROPOSED: (NextStep.WAIT_FOR_ANSWERS, NextStep.CONCLUDE),
    }
)
"""By status: while the deadline of the state runs, and after it has passed. In some the officer waits for others."""
_WAITED_FOR = frozenset(
    {
        DeadlineKind.SUPPLEMENT,
        DeadlineKind.ENTERPRISE_REPLY,
        DeadlineKind.REWORK_REPLY,
        DeadlineKind.MEDIATION_ANSWER,
    }
)
_BY_DEADLINE: Mapping[DeadlineKind, NextStep] = MappingProxyType(
    {
        DeadlineKind.FIRST_CONTACT: NextStep.CONTACT_USER,
        DeadlineKind.PROGRESS_REPORT: NextStep.REPORT_PROGRESS,
        DeadlineKind.SECOND_CALL: NextStep.CALL_AGAIN,
        DeadlineKind.HOTLINE_SIGN: NextStep.SIGN_ORDER,
        DeadlineKind.HOTLINE_ANSWER: NextStep.ANSWER_HOTLINE,
    }
)
"""Deadlines that ask for a step beside the state: while one of them is the next to pass, its step comes first."""


def what_next(
    status: Status, next_deadline: DeadlineKind | None, *, overdue: bool, triage: bool, routed: bool
) -> NextStep:
    """Return what is to be done next: by the status, and by the deadline that passes first."""
    if status not in STEPS:
        return NextStep.NOTHING
    if not routed:
        return NextStep.WAIT_FOR_ROUTING
    if triage and status is Status.RECEIVED:
        return NextStep.CONFIRM_PLACE
    if next_deadline is not None and next_deadline in _BY_DEADLINE:
        return _BY_DEADLINE[next_deadline]
    in_time, late = STEPS[status]
    return late if overdue and next_deadline in _WAITED_FOR else in_time
