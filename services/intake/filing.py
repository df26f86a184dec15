"""A complaint as it is handed in: the form of rulebook 1.4, strict, with every limit stated.

Unknown fields are refused, numbers are numbers, and no text holds control characters. What depends on reference
data (does the region exist?) or on the moment (is the date in the future?) is checked in `services.intake.checks`.
"""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

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

MAX_FEN = 10**13
"""One hundred billion yuan: beyond any claim, within every column."""
EARLIEST_YEAR, LATEST_YEAR = 1978, 2200
"""Within them every calendar and every time zone can be reckoned with."""
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]*$"


def _text(limit: int, *, least: int = 1) -> StringConstraints:
    return StringConstraints(min_length=least, max_length=limit, pattern=_NO_CONTROLS)


Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,40}$")]
RegionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:/#-]{1,100}$")]
Name = Annotated[str, _text(100)]
Phone = Annotated[str, _text(40)]
Address = Annotated[str, _text(300)]
Fen = Annotated[int, Field(ge=0, le=MAX_FEN)]


def _plausible(moment: datetime) -> datetime:
    if moment.year < EARLIEST_YEAR:
        raise PydanticCustomError(
            "too-long-ago", "this lies before all posts that are known here; correct the year"
        )
    if moment.year > LATEST_YEAR:
        raise PydanticCustomError("in-the-future", "this lies in the future; correct the year")
    return moment


def _written_out(value: object) -> object:
    # a number, or digits in quotes, would be read as seconds since 1970
    if not isinstance(value, str) or not _ISO.match(value):
        raise PydanticCustomError("not-written-out", "write year, month and day, as in 2026-11-23")
    return value


Moment = Annotated[
    AwareDatetime, Field(strict=False), AfterValidator(_plausible), BeforeValidator(_written_out)
]
Day = Annotated[date, Field(strict=False), BeforeValidator(_written_out)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Agent(_Form):
    """Somebody who files for the complainant; the signed authorisation is named, not sent."""

    name: Name
    phone: Phone | None = None
    authorisation_ref: Reference | None = Field(
        default=None, description="Reference of the signed authorisation; without it an officer asks for it."
    )


class Complainant(_Form):
    """The user who complains (申诉人)."""

    name: Name
    phone: Phone = Field(
        description="Where the complainant can be reached. Short numbers (10086, 12305) and full-width digits are taken."
    )
    role: Role
    identity_card: Annotated[str, _text(40)] | None = Field(
        default=None,
        description="Resident identity number; check digit and date are verified, the district is not.",
    )
    agent: Agent | None = None
    region_code: RegionCode | None = None
    address: Address | None = None


class Party(_Form):
    """Sender or addressee of the item, as far as known."""

    name: Name | None = None
    phone: Phone | None = None
    region_code: RegionCode | None = None
    address: Address | None = None


class Place(_Form):
    """The place of the dispute (争议发生地): a GB/T 2260 code, an address, or both; the code is believed first."""

    region_code: RegionCode | None = None
    address: Address | None = None


class Item(_Form):
    """The item and what was paid for it. Money in fen."""

    waybill: Annotated[str, _text(60)] | None = None
    mailed_on: Day | None = None
    goods: Goods = Goods.ORDINARY
    declared_value_fen: Fen | None = None
    freight_fen: Fen | None = None


class EnterpriseComplaint(_Form):
    """The complaint (投诉) that was made to the enterprise first (rulebook 1.2, check 4)."""

    outcome: EnterpriseOutcome
    complained_on: Day | None = None
    channel: Annotated[str, _text(60)] | None = None
    result: Annotated[str, _text(2000)] | None = None


class Filing(_Form):
    """One complaint (申诉), as a channel hands it in."""

    external_ref: Reference | None = Field(
        default=None,
        description="The sender's own number of this complaint: unique for a client, it makes the request repeatable.",
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
    cause: Annotated[str, _text(5000)] = Field(description="What happened.")
    request: Annotated[str, _text(2000)] | None = Field(
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


class Outcome(_Form):
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
