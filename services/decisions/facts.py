"""The facts of a case as the rules take them, from the columns of the case, stored or about to be."""

from collections.abc import Callable, Sequence
from operator import attrgetter, itemgetter
from typing import Any

from services.reference.data import ReferenceData
from services.rules.facts import CaseFacts
from shared.vocabulary import Business, EnterpriseOutcome, Goods, Level, OtherProcedure, Role, Urgency

COLUMNS = (
    "received_at",
    "business",
    "carrier_code",
    "issue_code",
    "issue_detail_code",
    "role",
    "agent_authorised",
    "goods",
    "urgency",
    "dispute_region",
    "mailing_region",
    "delivery_region",
    "complainant_region",
    "upper_assignment",
    "requested_fen",
    "mailed_on",
    "enterprise_outcome",
    "enterprise_complained_on",
    "other_procedure",
    "elements_complete",
    "level",
)
of_row: Callable[[Any], Sequence[Any]] = attrgetter(*COLUMNS)
of_mapping: Callable[[Any], Sequence[Any]] = itemgetter(*COLUMNS)


def facts(
    values: Sequence[Any],
    reference: ReferenceData,
    *,
    same_waybill_open: int = 0,
    same_matter_number: str | None = None,
    failing_link_region: str | None = None,
    provinces_hit: int = 0,
) -> CaseFacts:
    """Return the facts of one case from its columns (`of_row`, `of_mapping`) and from other cases."""
    (
        received_at,
        business,
        carrier_code,
        issue_code,
        issue_detail_code,
        role,
        agent_authorised,
        goods,
        urgency,
        dispute_region,
        mailing_region,
        delivery_region,
        complainant_region,
        upper_assignment,
        requested_fen,
        mailed_on,
        enterprise_outcome,
        enterprise_complained_on,
        other_procedure,
        elements_complete,
        level,
    ) = values
    carrier = reference.carriers.get(carrier_code)
    return CaseFacts(
        received_at=received_at,
        business=Business(business),
        carrier_code=carrier_code,
        carrier_in_scope=carrier is not None and carrier.in_scope,
        issue_code=issue_code,
        issue_detail_code=issue_detail_code,
        role=Role(role),
        agent_authorised=agent_authorised,
        goods=Goods(goods),
        urgency=tuple(Urgency(flag) for flag in urgency),
        dispute_region=dispute_region,
        mailing_region=mailing_region,
        delivery_region=delivery_region,
        complainant_region=complainant_region,
        upper_assignment=upper_assignment,
        failing_link_region=failing_link_region,
        requested_fen=requested_fen,
        mailed_on=mailed_on,
        enterprise_outcome=EnterpriseOutcome(enterprise_outcome) if enterprise_outcome else None,
        enterprise_complained_on=enterprise_complained_on,
        other_procedure=OtherProcedure(other_procedure),
        has_cause_and_request=elements_complete,
        same_waybill_open=same_waybill_open,
        same_matter_number=same_matter_number,
        provinces_hit=provinces_hit,
        initial_level=Level(level),
    )
