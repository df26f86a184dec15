"""The facts of a case as the rules take them, from the columns of the case, stored or about to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import itemgetter

from services.reference.data import ReferenceData
from services.rules.facts import CaseFacts
from shared.vocabulary import Business, EnterpriseOutcome, Goods, Level, OtherProcedure, Role, Urgency


@dataclass(frozen=True)
class FactColumns:
    """The columns of a case that the rules decide on: a base without slots, so that a row may have it beside its own."""

    received_at: datetime
    business: str
    carrier_code: str
    issue_code: str
    issue_detail_code: str | None
    role: str
    agent_authorised: bool
    goods: str
    urgency: Sequence[str]
    dispute_region: str | None
    mailing_region: str | None
    delivery_region: str | None
    complainant_region: str | None
    upper_assignment: str | None
    requested_fen: int | None
    mailed_on: date | None
    enterprise_outcome: str | None
    enterprise_complained_on: date | None
    other_procedure: str
    elements_complete: bool
    level: str


_ITEMS = itemgetter(*(column.name for column in fields(FactColumns)))


def of_mapping(case: Mapping[str, object]) -> FactColumns:
    """Return the columns of a case that is about to be stored."""
    return FactColumns(*_ITEMS(case))


def facts(
    columns: FactColumns,
    reference: ReferenceData,
    *,
    same_waybill_open: int = 0,
    same_matter_number: str | None = None,
    failing_link_region: str | None = None,
    provinces_hit: int = 0,
) -> CaseFacts:
    """Return the facts of one case from its columns and from other cases."""
    carrier = reference.carriers.get(columns.carrier_code)
    outcome = columns.enterprise_outcome
    return CaseFacts(
        received_at=columns.received_at,
        business=Business(columns.business),
        carrier_code=columns.carrier_code,
        carrier_in_scope=carrier is not None and carrier.in_scope,
        issue_code=columns.issue_code,
        issue_detail_code=columns.issue_detail_code,
        role=Role(columns.role),
        agent_authorised=columns.agent_authorised,
        goods=Goods(columns.goods),
        urgency=tuple(Urgency(flag) for flag in columns.urgency),
        dispute_region=columns.dispute_region,
        mailing_region=columns.mailing_region,
        delivery_region=columns.delivery_region,
        complainant_region=columns.complainant_region,
        upper_assignment=columns.upper_assignment,
        failing_link_region=failing_link_region,
        requested_fen=columns.requested_fen,
        mailed_on=columns.mailed_on,
        enterprise_outcome=EnterpriseOutcome(outcome) if outcome else None,
        enterprise_complained_on=columns.enterprise_complained_on,
        other_procedure=OtherProcedure(columns.other_procedure),
        has_cause_and_request=columns.elements_complete,
        same_waybill_open=same_waybill_open,
        same_matter_number=same_matter_number,
        provinces_hit=provinces_hit,
        initial_level=Level(columns.level),
    )
