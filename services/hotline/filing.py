"""What complaint a hotline's order is: the same form as any other, made of the order's fields.

What an order may lack and a complaint needs has its default here, each named in `docs/integrators/hotlines.md`: no name
(未留姓名), no role (OTHER_USER), no issue (OTHER), no certain enterprise (none), no place (the hotline's own region).
"""

from collections.abc import Mapping
from typing import NamedTuple

from services.hotline import carrier_matching
from services.hotline.forms import WorkOrder
from services.intake.filing import Agent, Complainant, Item, OrderFiling
from services.reference.data import ReferenceData
from services.rules.hotline import EVERYWHERE
from shared import identifiers
from shared.vocabulary import Business, Channel, Role, Urgency

NO_NAME = "未留姓名"
NO_ISSUE = "OTHER"


class Cited(NamedTuple):
    """An earlier case that an order says it repeats: the number that answers it now, and what it is about."""

    number: str
    issue_code: str


CitedCases = Mapping[str, Cited]
"""Cases that orders cite, by what they cite: our number, or the number of an earlier order of the region."""


_FIELDS = {
    "/complainant": "/caller",
    "/dispute": "/place",
    "/item": "",
    "/cause": "/content",
    "/urgency": "/flags",
    "/external_ref": "/order_no",
}


def renamed(pointer: str) -> str:
    """Return where a fault of the complaint stands in the order that it was made of."""
    if pointer == "/received_at":
        return "/dispatched_at"
    if pointer == "/complainant/phone":
        return "/caller"
    for ours, theirs in _FIELDS.items():
        if pointer == ours or pointer.startswith(f"{ours}/"):
            return theirs + pointer.removeprefix(ours)
    return pointer


def cites_of(order: WorkOrder) -> str | None:
    """Return what an order cites: our number goes before the number of an earlier order."""
    return order.cites or order.parent_order_no


def filing_of(
    order: WorkOrder, region: str, reference: ReferenceData, cited_cases: CitedCases
) -> OrderFiling:
    """Return the complaint that an order is."""
    carrier_code = (
        order.carrier_code or carrier_matching.carrier_of(order.company_name or "", reference) or ""
    )
    carrier = reference.carriers.get(carrier_code)
    is_postal = carrier is not None and carrier.business == Business.POSTAL
    business = order.business or (Business.POSTAL if is_postal else Business.EXPRESS)
    cited = cited_cases.get(cites_of(order) or "")
    issue, detail = _issue(order, business, reference, cited)
    flags = [*order.flags, *([Urgency.SUPERVISED] if order.supervised else [])]
    # every part was checked with the order
    return OrderFiling.model_construct(
        external_ref=order.order_no,
        cites=cited.number if cited is not None else order.cites,
        channel=Channel.HOTLINE_12345,
        received_at=order.dispatched_at,
        business=business,
        outlet=order.outlet,
        carrier_code=carrier_code,
        issue_code=issue,
        issue_detail_code=detail,
        complainant=_complainant(order, region, reference),
        other_phone=next(iter(phones(order)[1:]), None),
        dispute=order.place,
        item=Item.model_construct(waybill=order.waybill, mailed_on=order.mailed_on),
        cause=order.content,
        request=order.request or order.title,
        requested_fen=order.requested_fen,
        enterprise_complaint=order.enterprise_complaint,
        urgency=list(dict.fromkeys(flags)),
    )


def _complainant(order: WorkOrder, region: str, reference: ReferenceData) -> Complainant:
    caller = order.caller
    name = caller.name or NO_NAME
    here = region if region != EVERYWHERE and reference.resolve_region(region) is not None else None
    return Complainant.model_construct(
        name=name,
        phone=phones(order)[0],
        role=caller.role,
        identity_card=caller.identity_card,
        # an agent shows no authorisation to the hotline: an officer asks for it
        agent=Agent.model_construct(name=name) if caller.role is Role.AGENT else None,
        region_code=here,
    )


def phones(order: WorkOrder) -> list[str]:
    """Return the caller's numbers: first where to reach the caller, and of two the one that can be dialled."""
    contacts = (order.caller.contact, order.caller.phone)
    numbers = [identifiers.normal_phone(number) or number for number in contacts if number is not None]
    return sorted(dict.fromkeys(numbers), key=lambda number: identifiers.normal_phone(number) is None)


def _issue(
    order: WorkOrder, business: Business, reference: ReferenceData, cited: Cited | None
) -> tuple[str, str | None]:
    """Return the issue and its detail: by our code, by a name that is one of ours, that of the case it cites, or OTHER."""
    if order.issue_code is not None:
        return order.issue_code, order.issue_detail_code
    codes = [
        issue
        for issue in reference.issues.values()
        if (issue.express if business is Business.EXPRESS else issue.postal)
    ]
    named = [issue for issue in codes if issue.name_zh == order.category_name]
    if len(named) == 1:
        [issue] = named
        return (issue.code, None) if issue.parent is None else (issue.parent, issue.code)
    if cited is not None and cited.issue_code in {issue.code for issue in codes}:
        return cited.issue_code, None
    return NO_ISSUE, None
