"""What a hotline is answered: the receipt of an order, and how an order stands after a step."""

from datetime import datetime

from typing_extensions import TypedDict

from services.reference.labels import CodeName
from shared.vocabulary import DeadlineKind, Level, Status


class FieldNotice(TypedDict):
    """One remark on a field of what was accepted all the same."""

    code: str
    pointer: str
    message: str


class HotlineDeadline(TypedDict):
    """A deadline of the hotline: to sign, or to answer. `provisional`: the calendar of its last days is not published."""

    key: DeadlineKind
    rule: str
    due_at: datetime
    provisional: bool


class OrderLinks(TypedDict):
    """Where to read the order."""

    self: str


class OrderReceipt(TypedDict):
    """The receipt of an order: our number, how it stands, the deadlines of the hotline and those of the law."""

    number: str
    external_ref: str | None
    status: Status
    received_at: datetime
    notices: list[FieldNotice]
    accept_due_at: datetime
    total_due_at: datetime
    due_provisional: bool
    order_no: str
    region: str
    state: CodeName
    hotline_deadlines: list[HotlineDeadline]
    links: OrderLinks


class OrderStepAnswer(TypedDict):
    """How an order and its case stand after a step."""

    order_no: str
    region: str
    state: CodeName
    number: str
    status: Status
    level: Level
