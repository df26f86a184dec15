"""Checks of a filing that need reference data or the moment. Each collects its faults, so that one answer names all."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from typing_extensions import TypedDict

from services.access.clients import Caller
from services.fields import EARLIEST_YEAR
from services.intake.filing import Complainant, Filing, HistoricalFiling, OrderFiling, Outcome, Party, Place
from services.intake.notices import Notice
from services.reference import region_codes
from services.reference.data import ReferenceData
from shared import clock, identifiers
from shared.errors import FieldError
from shared.vocabulary import Business, BusinessType, Channel, Role

CLOCKS_DIFFER = timedelta(minutes=5)
"""A sender's clock may be so far ahead of ours."""
LATE_LIVE = timedelta(days=30)
"""邮政法 art. 65 gives 30 days from receipt: what was received longer ago is history, and belongs into an import."""
OLDEST_DAY = date(EARLIEST_YEAR, 1, 1)


class Faults:
    """The faults found so far."""

    def __init__(self) -> None:
        self.faults: list[FieldError] = []

    def add(self, pointer: str, code: str, message: str) -> None:
        """Note a fault: where, what kind, and what to change; never the value."""
        self.faults.append(FieldError(pointer, code, message))


def check_channel(filing: Filing, caller: Caller, faults: Faults) -> None:
    """Let a carrier hand over its own complaints by the carrier feed, and nobody else use that channel."""
    is_feed = filing.channel is Channel.CARRIER_FEED
    if isinstance(filing, HistoricalFiling):
        return
    if caller.carrier_code is None:
        if is_feed:
            faults.add("/channel", "not-your-channel", "CARRIER_FEED is for the keys of carriers")
        return
    if not is_feed:
        faults.add("/channel", "not-your-channel", "a carrier's key files on channel CARRIER_FEED only")
    if filing.carrier_code != caller.carrier_code:
        faults.add(
            "/carrier_code", "not-your-carrier", "a carrier's key files complaints about that carrier only"
        )


def check_codes(filing: Filing, reference: ReferenceData, faults: Faults) -> None:
    """Carrier, issue, detail, business type, close reason and bureau must be known and fit one another."""
    unnamed = isinstance(filing, OrderFiling) and not filing.carrier_code
    if not unnamed and filing.carrier_code not in reference.carriers:
        faults.add(
            "/carrier_code", "unknown-carrier", "no such carrier; GET /v1/reference/carriers lists them"
        )
    _check_issue(filing, reference, faults)
    is_express = filing.business is Business.EXPRESS
    if filing.business_type is not None and (filing.business_type is BusinessType.EXPRESS) is not is_express:
        faults.add(
            "/business_type",
            "does-not-fit",
            "EXPRESS goes with business EXPRESS, every other type with POSTAL",
        )
    if filing.complainant.role is Role.AGENT and filing.complainant.agent is None:
        faults.add("/complainant/agent", "missing", "role AGENT needs the agent's name")
    if filing.complainant.role is not Role.AGENT and filing.complainant.agent is not None:
        faults.add("/complainant/agent", "does-not-fit", "an agent is given with role AGENT only")
    _check_upper_assignment(filing, reference, faults)
    if (
        isinstance(filing, HistoricalFiling)
        and filing.outcome.close_reason not in reference.codes["close_reason"]
    ):
        faults.add(
            "/outcome/close_reason", "unknown-close-reason", "GET /v1/reference/close_reasons lists them"
        )


def _check_issue(filing: Filing, reference: ReferenceData, faults: Faults) -> None:
    issue = reference.issues.get(filing.issue_code)
    if issue is None or issue.parent is not None:
        faults.add(
            "/issue_code",
            "unknown-issue",
            "no such issue of the first level; GET /v1/reference/issues lists them",
        )
        return
    if not (issue.express if filing.business is Business.EXPRESS else issue.postal):
        faults.add("/issue_code", "does-not-fit", "this issue is not one of this business")
    if filing.issue_detail_code is None:
        return
    detail = reference.issues.get(filing.issue_detail_code)
    if detail is None or detail.parent != filing.issue_code:
        faults.add(
            "/issue_detail_code",
            "unknown-issue",
            "no such reason under this issue; see GET /v1/reference/issues",
        )


def _check_upper_assignment(filing: Filing, reference: ReferenceData, faults: Faults) -> None:
    if filing.upper_assignment is None:
        return
    if filing.channel is not Channel.UPPER_BUREAU:
        faults.add(
            "/upper_assignment", "does-not-fit", "a bureau is named from above on channel UPPER_BUREAU only"
        )
    elif filing.upper_assignment not in reference.jurisdictions.bureaus:
        faults.add(
            "/upper_assignment", "unknown-bureau", "no such bureau; GET /v1/reference/bureaus lists them"
        )


def check_moments(filing: Filing, received_at: datetime, now: datetime, faults: Faults) -> None:
    """Nothing happens in the future, and nothing before its cause."""
    received_on = clock.civil_day(received_at)
    if received_at > now + CLOCKS_DIFFER:
        faults.add("/received_at", "in-the-future", "the complaint cannot have been received later than now")
    if not isinstance(filing, HistoricalFiling) and received_at < now - LATE_LIVE:
        faults.add(
            "/received_at",
            "too-long-ago",
            f"received more than {LATE_LIVE.days} days ago: hand it over with POST /v1/imports",
        )
    _check_day("/item/mailed_on", filing.item.mailed_on, received_on, faults)
    first = filing.enterprise_complaint
    if first is not None:
        _check_day("/enterprise_complaint/complained_on", first.complained_on, received_on, faults)
    if isinstance(filing, HistoricalFiling):
        _check_outcome(filing.outcome, received_at, now, faults)


def _check_day(pointer: str, day: date | None, received_on: date, faults: Faults) -> None:
    if day is None:
        return
    if day > received_on:
        faults.add(
            pointer, "after-receipt", "this day is later than the day on which the complaint was received"
        )
    elif day < OLDEST_DAY:
        faults.add(pointer, "too-long-ago", f"no day before {OLDEST_DAY} is taken; correct the year")


def _check_outcome(outcome: Outcome, received_at: datetime, now: datetime, faults: Faults) -> None:
    if outcome.closed_at > now + CLOCKS_DIFFER:
        faults.add("/outcome/closed_at", "in-the-future", "history cannot have been closed later than now")
    if outcome.closed_at < received_at:
        faults.add(
            "/outcome/closed_at", "before-receipt", "the case cannot have been closed before it was received"
        )
    if outcome.accepted_at is not None and not received_at <= outcome.accepted_at <= outcome.closed_at:
        faults.add("/outcome/accepted_at", "out-of-order", "acceptance lies between receipt and closing")


@dataclass(frozen=True, slots=True)
class Persons:
    """Telephone numbers and the identity number in their one form."""

    phone: str
    identity_card: str | None
    agent: str | None
    sender: str | None
    addressee: str | None


def normal_persons(filing: Filing, faults: Faults) -> Persons:
    """Bring telephone and identity numbers into one form; a number that cannot be one is a fault."""
    who = filing.complainant
    card = None
    if who.identity_card is not None:
        card = identifiers.normal_identity_card(who.identity_card)
        if card is None:
            message = "not a resident identity number: check its 18 characters, its date and its check digit"
            faults.add("/complainant/identity_card", "invalid-identity-card", message)
    agent = who.agent
    return Persons(
        phone=_phone("/complainant/phone", who.phone, faults) or "",
        identity_card=card,
        agent=_phone("/complainant/agent/phone", agent.phone if agent else None, faults),
        sender=_phone("/sender/phone", filing.sender.phone if filing.sender else None, faults),
        addressee=_phone("/addressee/phone", filing.addressee.phone if filing.addressee else None, faults),
    )


def _phone(pointer: str, text: str | None, faults: Faults) -> str | None:
    if text is None:
        return None
    number = identifiers.normal_phone(text)
    if number is None:
        message = "not a telephone number: send a mobile or fixed number with area code, +country code, or a short number"
        faults.add(pointer, "invalid-phone", message)
    return number


class Regions(TypedDict):
    """The codes of the four places of a case, by column; None where nothing tells one."""

    dispute_region: str | None
    mailing_region: str | None
    delivery_region: str | None
    complainant_region: str | None


def regions_of(filing: Filing, reference: ReferenceData, faults: Faults) -> tuple[Regions, list[Notice]]:
    """Return the region codes of the four places: the code that was given, else what the address tells.

    An abolished code is mapped to its successor with a notice; an unknown one is a fault. An address
    that does not tell its region is none: such a case goes to manual triage.
    """
    notices: list[Notice] = []

    def _code(pointer: str, place: Place | Party | Complainant | None) -> str | None:
        if place is None:
            return None
        return _region(pointer, place.region_code, place.address, reference, notices, faults)

    regions: Regions = {
        "dispute_region": _code("/dispute", filing.dispute),
        "mailing_region": _code("/sender", filing.sender),
        "delivery_region": _code("/addressee", filing.addressee),
        "complainant_region": _code("/complainant", filing.complainant),
    }
    return regions, notices


def _region(
    pointer: str,
    code: str | None,
    address: str | None,
    reference: ReferenceData,
    notices: list[Notice],
    faults: Faults,
) -> str | None:
    if code is None:
        return reference.addresses.match(address).code if address else None
    resolution = reference.resolve_region(code)
    if resolution is None:
        faults.add(f"{pointer}/region_code", "unknown-region", region_codes.advice(reference, code))
        return None
    if resolution.mapped_from is not None:
        message = f"division {resolution.mapped_from} was abolished; the case is kept under {resolution.code}"
        if len(resolution.successors) > 1:
            message += f" (successors: {', '.join(resolution.successors)})"
        notices.append(Notice("region-mapped", f"{pointer}/region_code", message))
    return resolution.code


def waybill_of(filing: Filing, reference: ReferenceData) -> tuple[str | None, list[Notice]]:
    """Return the waybill number in its one form, if it has one; a doubtful number is taken, with a notice."""
    text, pointer = filing.item.waybill, "/item/waybill"
    if text is None:
        return None, []
    waybill = identifiers.normal_waybill(text)
    if waybill is None:
        message = "this does not look like a waybill number (5 to 40 letters, digits, hyphens); check it with the user"
        return None, [Notice("waybill-unreadable", pointer, message)]
    bare = identifiers.bare_waybill(waybill)
    if identifiers.is_s10(bare):
        if identifiers.s10_check_digit_holds(bare):
            return waybill, []
        return waybill, [
            Notice("waybill-check-digit", pointer, "the check digit (UPU S10) does not fit; check the number")
        ]
    if not {reference.waybill_looks_like(filing.carrier_code, form) for form in (waybill, bare)} - {False}:
        return waybill, [
            Notice("waybill-unusual", pointer, "this carrier's numbers usually look otherwise; check it")
        ]
    return waybill, []
