"""Who acts on a case, and what is done to it that changes its state."""

from enum import StrEnum


class Actor(StrEnum):
    """Who moves a case. A supervisor may do what a reviewer may."""

    INTAKE = "INTAKE"
    WORKER = "WORKER"
    REVIEWER = "REVIEWER"
    SUPERVISOR = "SUPERVISOR"
    ENTERPRISE = "ENTERPRISE"
    USER = "USER"
    HOTLINE = "HOTLINE"
    IMPORT = "IMPORT"


class Verb(StrEnum):
    """What is done to a case that changes its state."""

    RECEIVE = "receive"
    IMPORT = "import"
    ACCEPT = "accept"
    REQUEST_SUPPLEMENT = "request-supplement"
    SUPPLEMENT = "supplement"
    REFUSE = "refuse"
    FORWARD = "forward"
    REPLY = "reply"
    REWORK = "rework"
    MEDIATE = "mediate"
    PROPOSE = "propose"
    CONCLUDE = "conclude"
    CLOSE = "close"
    CLOSE_UNANSWERED = "close-unanswered"
    CLOSE_OTHER_PROCEDURE = "close-other-procedure"
    WITHDRAW = "withdraw"
    TRANSFER = "transfer"
    MERGE = "merge"
    UNMERGE = "unmerge"
    REOPEN = "reopen"
    REDO = "redo"
