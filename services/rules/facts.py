"""The facts of a case and the reference facts that the rules decide on, and the record of a rule that was tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from shared.vocabulary import (
    BureauLevel,
    Business,
    EnterpriseOutcome,
    Goods,
    Level,
    OtherProcedure,
    RegionLevel,
    Role,
    Urgency,
)


@dataclass(frozen=True, slots=True)
class Region:
    """A division in force (GB/T 2260). `province` is its province's code; `city` its city's, if any."""

    code: str
    name: str
    level: RegionLevel
    parent: str | None
    province: str
    city: str | None


@dataclass(frozen=True, slots=True)
class Bureau:
    """A postal administration and its policy. `city_handles`: the province lets its cities handle cases."""

    code: str
    name: str
    level: BureauLevel
    region: str
    parent: str | None
    city_handles: bool
    auto_admit: bool
    hours: tuple[tuple[time, time], ...] = ((time(8, 30), time(17, 30)),)
    """Office hours on working days (rulebook 1.4: 8:30-17:30 [V3]), one pair for each part of the day."""


@dataclass(frozen=True, slots=True)
class Jurisdictions:
    """Every bureau by code and by the region it serves, with the regions themselves and the bounce limit."""

    national: str
    bureaus: Mapping[str, Bureau]
    bureau_by_region: Mapping[str, str]
    regions: Mapping[str, Region]
    max_bounces: int
    national_lead_provinces: int = 3
    """Provinces hit by one enterprise's network stoppage from which the national centre leads (R8)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """The facts of one case that decide jurisdiction, level and admission. Holds no personal data.

    A default is the usual value: the stored document of a decision leaves it out.
    """

    received_at: datetime
    business: Business
    carrier_code: str
    carrier_in_scope: bool
    issue_code: str
    issue_detail_code: str | None = None
    role: Role
    agent_authorised: bool = False
    goods: Goods = Goods.ORDINARY
    urgency: tuple[Urgency, ...] = ()
    dispute_region: str | None = None
    mailing_region: str | None = None
    delivery_region: str | None = None
    complainant_region: str | None = None
    upper_assignment: str | None = None
    failing_link_region: str | None = None
    requested_fen: int | None = None
    mailed_on: date | None = None
    enterprise_outcome: EnterpriseOutcome | None = None
    enterprise_complained_on: date | None = None
    other_procedure: OtherProcedure = OtherProcedure.NONE
    has_cause_and_request: bool
    same_waybill_open: int = 0
    """Other cases of the same waybill (and phone where known) that a postal administration already holds."""
    same_matter_number: str | None = None
    """Number of the earlier case with the same waybill, carrier and cause, if there is one."""
    provinces_hit: int = 0
    """Provinces in which the same enterprise drew network-stoppage complaints in the last 7 days."""
    initial_level: Level = Level.NORMAL
    """The level that the case had before the decision: declared by a hotline, or raised while it waited."""
    bounces: int = 0


class Params(tuple[tuple[str, str | int], ...]):
    """The values in a reason, by name: what its text is completed with when it is read."""

    __slots__ = ()

    @classmethod
    def of(cls, **values: str | int) -> "Params":
        """Return values by name."""
        return cls(values.items())


NO_PARAMS = Params()


@dataclass(frozen=True, slots=True)
class Tried:
    """One rule that was tried: its id, its outcome, and the code of the reason, with the values in it.

    Codes are stored; the texts, Chinese and English, are rendered when they are read (`services.views.decision_texts`).
    """

    rule: str
    outcome: str
    """A rule: `matched`, `passed_over`, or `error` (raise an alarm). A check: `passed` or `failed`."""
    reason: str
    params: Params = NO_PARAMS
