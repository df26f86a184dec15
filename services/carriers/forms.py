"""What a carrier fills in: a reply to a case, a push of a scan. Words are sealed; codes are not, and name no person."""

import uuid
from typing import Annotated

from pydantic import Field, StringConstraints

from services.fields import Day, Fen, Form, LongWords, Moment, Reference, RegionCode, text
from services.rules.tracking import System
from shared import text_forms
from shared.vocabulary import FailingLink, OtherProcedure

MOST_ATTACHMENTS = 20
ScanCode = Annotated[str, StringConstraints(pattern=text_forms.SCAN_CODE.pattern)]


class Reply(Form):
    """An enterprise's reply to a case (企业答复). The answer to an incomplete reply lists what is missing."""

    reply_ref: Reference = Field(
        description="Your own number of this reply, once for each case: the same again is answered as it was before."
    )
    responsibility_admitted: bool | None = Field(
        default=None, description="Whether the enterprise finds itself at fault."
    )
    responsible_unit: Annotated[str, text(100)] | None = Field(
        default=None, description="The unit that was at fault; no person."
    )
    responsible_link: FailingLink | None = Field(default=None, description="The link that failed.")
    facts: LongWords | None = Field(default=None, description="What happened.")
    action: LongWords | None = Field(default=None, description="What was done about it.")
    compensation_fen: Fen | None = Field(default=None, description="What the user was paid.")
    paid_on: Day | None = None
    contact_log: LongWords | None = Field(
        default=None, description="When and how the user was spoken to, and what was agreed."
    )
    other_procedure: OtherProcedure = Field(
        default=OtherProcedure.NONE, description="The matter entered litigation, arbitration or the like."
    )
    attachments: Annotated[list[uuid.UUID], Field(max_length=MOST_ATTACHMENTS)] = Field(
        default_factory=list, description="Evidence of this case that was uploaded before, by its ids."
    )


class PushedScan(Form):
    """One scan of an item (轨迹). The item is named by its waybill, or by the number of a case about it."""

    event_id: Reference = Field(
        description="Your own number of the scan, once for each item: the same again changes nothing."
    )
    waybill: Annotated[str, text(60)] | None = None
    number: Annotated[str, StringConstraints(pattern=text_forms.CASE_NUMBER.pattern)] | None = Field(
        default=None, description="Public number of a case about the item, in place of the waybill."
    )
    system: System = Field(description="The system of the codes; SHENSU: our own names of states.")
    code: ScanCode
    occurred_at: Moment
    seq: Annotated[int, Field(ge=0, le=2**53)] = Field(
        default=0, description="Order among scans of the same moment."
    )
    region_code: RegionCode | None = None
    outlet: Reference | None = Field(default=None, description="The outlet or centre, by your own code.")
