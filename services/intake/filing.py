"""A complaint as it is handed in: the form of rulebook 1.4.

What depends on reference data (does the region exist?) or on the moment (is the date in the future?) is checked in
`services.intake.checks`.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.fields import Address, Code, Day, Fen, Form, Moment, Name, Phone, Reference, RegionCode, text
from shared import text_forms
from shared.vocabulary import (
    Business,
    BusinessType,
    Channel,
    EnterpriseOutcome,
    FailingLink,
    Goods,
    Level,
    OtherProcedure,
    Responsibility,
    Role,
    Urgency,
)


class Agent(Form):
    """Somebody who files for the complainant; the signed authorisation is named, not sent."""

    name: Name
    phone: Phone | None = None
    authorisation_ref: Reference | None = Field(
        default=None, description="Reference of the signed authorisation; without it an officer asks for it."
    )


class Complainant(Form):
    """The user who complains (申诉人)."""

    name: Name
    phone: Phone = Field(
        description="Where the complainant can be reached. Short numbers (10086, 12305) and full-width digits are taken."
    )
    role: Role
    identity_card: Annotated[str, text(40)] | None = Field(
        default=None,
        description="Resident identity number; check digit and date are verified, the district is not.",
    )
    agent: Agent | None = None
    region_code: RegionCode | None = None
    address: Address | None = None


class Party(Form):
    """Sender or addressee of the item, as far as known."""

    name: Name | None = None
    phone: Phone | None = None
    region_code: RegionCode | None = None
    address: Address | None = None


class Place(Form):
    """The place of the dispute (争议发生地): a GB/T 2260 code, an address, or both; the code has priority."""

    region_code: RegionCode | None = None
    address: Address | None = None


class Item(Form):
    """The item and what was paid for it. Money in fen."""

    waybill: Annotated[str, text(60)] | None = None
    mailed_on: Day | None = None
    goods: Goods = Goods.ORDINARY
    declared_value_fen: Fen | None = None
    freight_fen: Fen | None = None


class EnterpriseComplaint(Form):
    """The complaint (投诉) that was made to the enterprise first (rulebook 1.2, check 4)."""

    outcome: EnterpriseOutcome
    complained_on: Day | None = None
    channel: Annotated[str, text(60)] | None = None
    result: Annotated[str, text(2000)] | None = None


class Filing(Form):
    """One complaint (申诉), as a channel submits it."""

    external_ref: Reference | None = Field(
        default=None,
        description="The sender's own number of this complaint: unique for a client, it makes the request repeatable.",
    )
    cites: Annotated[str, Field(pattern=text_forms.CASE_NUMBER.pattern)] | None = Field(
        default=None, description="Number of an earlier complaint that this one repeats."
    )
    channel: Channel
    received_at: Moment | None = Field(
        default=None,
        description="When it was received, if earlier than now: a letter, a recorded message. At most 30 days back.",
    )
    business: Business
    outlet: Reference | None = Field(
        default=None,
        description="The enterprise's outlet (网点) that is complained about, by its code, if known.",
    )
    business_type: BusinessType | None = Field(
        default=None,
        description="Column of the postal tables; EXPRESS for express, OTHER for postal where not given.",
    )
    carrier_code: Code
    issue_code: Code
    issue_detail_code: Code | None = None
    complainant: Complainant
    sender: Party | None = None
    addressee: Party | None = None
    dispute: Place | None = None
    item: Item = Item()
    cause: Annotated[str, text(5000)] = Field(description="What happened.")
    request: Annotated[str, text(2000)] | None = Field(
        default=None, description="What the complainant asks for."
    )
    requested_fen: Fen | None = None
    enterprise_complaint: EnterpriseComplaint | None = None
    other_procedure: OtherProcedure = OtherProcedure.NONE
    urgency: Annotated[list[Urgency], Field(max_length=len(Urgency))] = Field(
        default_factory=list,
        description="Urgency as the intake declares it; it only ever raises the handling level.",
    )
    upper_assignment: Code | None = Field(
        default=None, description="Bureau named by an upper administration (channel UPPER_BUREAU)."
    )


class OrderFiling(Filing):
    """A complaint that came as a hotline's order: its enterprise may not be known yet (empty), and an officer names it."""

    carrier_code: Code | Literal[""] = ""
    other_phone: Phone | None = Field(
        default=None,
        description="The second of two numbers; it may be words, for nothing is looked up by it.",
    )


class Outcome(Form):
    """How a case of the past ended. `valid` follows from `responsibility`."""

    accepted_at: Moment | None = None
    closed_at: Moment
    close_reason: Code
    responsibility: Responsibility
    failing_link: FailingLink | None = None
    satisfied_administration: bool | None = None
    satisfied_enterprise: bool | None = None
    reply_overdue: bool = False
    reply_untruthful: bool = False
    recovered_fen: Fen = 0


class HistoricalFiling(Filing):
    """A closed case from an older system: receipt and outcome are given, the number of the older system is its reference."""

    external_ref: Reference
    received_at: Moment
    level: Level = Level.NORMAL
    outcome: Outcome


def received_moment(filing: Filing, now: datetime) -> datetime:
    """Return the moment of receipt: what the filing says, else now."""
    return filing.received_at or now
