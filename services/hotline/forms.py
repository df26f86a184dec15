"""What passes between a hotline and us: a work order with the fields of rulebook 11.2, what follows it, what we answer.

The names are ours; `docs/integrators/hotlines.md` sets them beside those of a real platform.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.fields import Code, Day, Fen, Form, LongWords, Moment, Name, Phone, Reference, SealedText, text
from services.intake.filing import EnterpriseComplaint, Place
from services.rules.hotline import SATISFIED, OrderKind, OrderUrgency, ReturnReason, VisitResult
from shared import text_forms
from shared.vocabulary import Business, Role, Urgency

MOST_DAYS = 180
OrderNo = Annotated[
    str,
    Field(
        max_length=64,
        pattern=text_forms.ORDER_NO.pattern,
        description="Number of an order within its region.",
    ),
]
OrderName = Annotated[
    str,
    Field(
        max_length=71,
        pattern=text_forms.ORDER_NAME.pattern,
        description="An order by region and number, as in 330100/HZ-1; may be left out where only one follows the case.",
    ),
]


class HotlineCaller(Form):
    """Who called (来电人)."""

    name: Name | None = Field(default=None, description="未留姓名 where the caller gave none.")
    phone: Phone | None = Field(default=None, description="The number that called (来电号码).")
    contact: Phone | None = Field(
        default=None,
        description="Where the caller wants to be reached (联系方式), if elsewhere; it has priority.",
    )
    role: Role = Field(
        default=Role.OTHER_USER, description="The caller's relation to the item; OTHER_USER if unknown."
    )
    identity_card: Annotated[str, text(40)] | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.phone is None and self.contact is None:
            raise PydanticCustomError(
                "contact-needed", "send `phone`, `contact`, or both: the caller has to be reached"
            )
        return self


class WorkOrder(Form):
    """One work order (工单) of a 12345 hotline."""

    order_no: OrderNo
    parent_order_no: OrderNo | None = Field(
        default=None, description="The earlier order that this one repeats (原工单号)."
    )
    cites: Annotated[str, Field(pattern=text_forms.CASE_NUMBER.pattern)] | None = Field(
        default=None,
        description="Our number of an earlier complaint that this one repeats, where the caller names it.",
    )
    source: Code | None = Field(
        default=None, description="How it reached the hotline (受理渠道): PHONE, WECHAT, WEB …"
    )
    kind: OrderKind = Field(
        description="What the caller wants (来电类别). Only HELP and COMPLAIN can be accepted by the machine."
    )
    category_code: Reference | None = Field(
        default=None, description="The platform's own code of the matter (问题分类)."
    )
    category_name: Annotated[str, text(100)] | None = Field(
        default=None, description="Its name; where it is the name of one of our issues, that issue is meant."
    )
    title: Annotated[str, text(200)] | None = None
    content: LongWords = Field(description="What the caller tells (主要内容).")
    request: SealedText | None = Field(
        default=None,
        description="What the caller asks for (诉求), where the platform keeps it apart; else the title.",
    )
    urgency: OrderUrgency = Field(default=OrderUrgency.NORMAL, description="The platform's light (紧急程度).")
    flags: Annotated[list[Urgency], Field(max_length=len(Urgency))] = Field(
        default_factory=list, description="What raises the handling level, as with any complaint."
    )
    supervised: bool = Field(
        default=False, description="The order is under supervision (督办): level L2 at least."
    )
    confidential: bool = Field(
        default=False, description="Whether the caller wants confidentiality (是否保密)."
    )
    caller: HotlineCaller
    business: Business | None = Field(default=None, description="That of the enterprise, else EXPRESS.")
    carrier_code: Code | None = Field(
        default=None, description="Our code of the enterprise, if the platform keeps it."
    )
    company_name: Annotated[str, text(100)] | None = Field(
        default=None,
        description="The enterprise by name (企业名称). An officer names an unknown or ambiguous enterprise.",
    )
    outlet: Reference | None = None
    issue_code: Code | None = Field(default=None, description="Our code of the issue, else OTHER.")
    issue_detail_code: Code | None = None
    waybill: Annotated[str, text(60)] | None = None
    mailed_on: Day | None = None
    requested_fen: Fen | None = None
    place: Place | None = Field(
        default=None,
        description="Where it happened; without it an officer of the hotline's province finds the place.",
    )
    enterprise_complaint: EnterpriseComplaint | None = None
    dispatch_advice: SealedText | None = Field(
        default=None, description="What the hotline asks us to do (派单意见)."
    )
    received_at: Moment | None = Field(default=None, description="When the hotline took the call.")
    dispatched_at: Moment | None = Field(
        default=None,
        description="When the order was sent to us (派单时间), if earlier than now: deadlines count from it.",
    )
    due_at: Moment | None = Field(
        default=None, description="The hotline's own deadline for the answer (办理截止时间), as a moment …"
    )
    handle_days: Annotated[int, Field(ge=1, le=MOST_DAYS)] | None = Field(
        default=None,
        description="… or as an amount (办理时限); without either, the region's table applies.",
    )
    handle_unit: Literal["workday", "day", "hour"] = "workday"

    @model_validator(mode="after")
    def _one_deadline(self) -> Self:
        if self.due_at is not None and self.handle_days is not None:
            raise PydanticCustomError("does-not-fit", "send `due_at` or `handle_days`, not both")
        return self


class OrderNote(Form):
    """A remark of the hotline, as text."""

    note: SealedText | None = None


class ExtensionDecision(Form):
    """The hotline's decision on an extension (延期审核): granted until a moment, or refused."""

    decision: Literal["GRANTED", "REFUSED"]
    due_at: Moment | None = Field(default=None, description="The new deadline; required with GRANTED.")
    reason: SealedText | None = None

    @model_validator(mode="after")
    def _until(self) -> Self:
        if (self.decision == "GRANTED") is not (self.due_at is not None):
            raise PydanticCustomError("does-not-fit", "send `due_at` with GRANTED, and only then")
        return self


class HotlineVisit(Form):
    """The result of the hotline's return visit (回访)."""

    result: VisitResult = Field(
        description="How satisfied the caller is with the handling, or that nobody was reached."
    )
    enterprise: VisitResult | None = Field(
        default=None, description="How satisfied the caller is with the enterprise, if asked separately."
    )
    solved: bool | None = Field(default=None, description="Whether the matter is solved (是否解决).")
    note: SealedText | None = None

    @model_validator(mode="after")
    def _said_by_nobody(self) -> Self:
        if SATISFIED[self.result] is None and (self.enterprise is not None or self.solved is not None):
            raise PydanticCustomError(
                "not-reached", "a caller who was not reached said nothing; give only `note`"
            )
        return self


class Redo(Form):
    """The caller is not satisfied: the case must be redone (重新办理)."""

    reason: SealedText = Field(description="What is missing from the answer, in the caller's view.")
    due_at: Moment | None = Field(
        default=None,
        description="The hotline's deadline for the new answer; without it, the region's table applies.",
    )


class SignOrders(Form):
    """Sign for the orders of the case (签收)."""


class ReturnOrder(Form):
    """Send an order back (退单) while its case stays here."""

    order: OrderName | None = None
    return_reason: ReturnReason
    reason: SealedText = Field(description="The text for the hotline.")


class AskExtension(Form):
    """Ask the hotline for more time on its own deadline (申请延期); our 30 days stay as they are."""

    order: OrderName | None = None
    extend_to: Moment
    reason: SealedText


class InterimAnswer(Form):
    """Answer the hotline in the meantime (阶段性答复); the case continues."""

    answer: LongWords
