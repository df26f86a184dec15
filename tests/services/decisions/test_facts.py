"""The facts of a case, from its columns: the same whether it is stored or about to be."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from services.decisions import facts as case_facts
from services.decisions.facts import FactColumns
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from shared.vocabulary import Business, EnterpriseOutcome, Goods, Level, OtherProcedure, Role, Urgency

COLUMNS: dict[str, Any] = {
    "received_at": None,
    "business": "EXPRESS",
    "carrier_code": "ZTO",
    "issue_code": "DELAY",
    "issue_detail_code": None,
    "role": "AGENT",
    "agent_authorised": True,
    "goods": "MEDICINE",
    "urgency": ["DEATH", "MINOR"],
    "dispute_region": None,
    "mailing_region": "440305",
    "delivery_region": "330106",
    "complainant_region": None,
    "upper_assignment": None,
    "requested_fen": 100,
    "mailed_on": None,
    "enterprise_outcome": "PENDING",
    "enterprise_complained_on": None,
    "other_procedure": "LITIGATION",
    "elements_complete": False,
    "level": "L2",
}


def test_columns_become_the_words_of_the_rules(packaged: ReferenceData) -> None:
    facts = case_facts.facts(case_facts.of_mapping(COLUMNS), packaged)
    assert (facts.business, facts.role, facts.goods) == (Business.EXPRESS, Role.AGENT, Goods.MEDICINE)
    assert facts.urgency == (Urgency.DEATH, Urgency.MINOR)
    assert facts.enterprise_outcome is EnterpriseOutcome.PENDING
    assert (facts.other_procedure, facts.initial_level) == (OtherProcedure.LITIGATION, Level.KEY)
    assert (facts.has_cause_and_request, facts.agent_authorised, facts.requested_fen) == (False, True, 100)
    # what other cases tell is told apart
    assert (facts.same_waybill_open, facts.same_matter_number, facts.provinces_hit) == (0, None, 0)
    with_others = case_facts.facts(
        case_facts.of_mapping(COLUMNS), packaged, same_waybill_open=2, failing_link_region="420100"
    )
    assert (with_others.same_waybill_open, with_others.failing_link_region) == (2, "420100")


@pytest.mark.parametrize(("carrier", "in_scope"), [("ZTO", True), ("", False), ("NOBODY", False)])
def test_an_enterprise_that_is_not_known_is_not_supervised(
    carrier: str, *, in_scope: bool, packaged: ReferenceData
) -> None:
    facts = case_facts.facts(case_facts.of_mapping(COLUMNS | {"carrier_code": carrier}), packaged)
    assert facts.carrier_in_scope is in_scope


@pytest.mark.parametrize("column", ["goods", "role", "urgency", "other_procedure", "level"])
def test_an_unknown_code_is_reported(column: str, packaged: ReferenceData) -> None:
    wrong = COLUMNS | {column: ["UNKNOWN"] if column == "urgency" else "UNKNOWN"}
    with pytest.raises(ValueError, match="UNKNOWN"):
        case_facts.facts(case_facts.of_mapping(wrong), packaged)
    with pytest.raises(KeyError):
        case_facts.of_mapping({name: value for name, value in COLUMNS.items() if name != column})


def test_a_stored_case_has_the_facts_that_it_had_when_it_came(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    ask: Callable[..., list[Any]],
    reference: ReferenceData,
) -> None:
    prepared = prepare(urgency=["ELDERLY"], requested_fen=700, item={"mailed_on": "2026-01-02"})
    store([prepared])
    [row] = ask("SELECT * FROM complaint")
    before: FactColumns = case_facts.of_mapping(prepared.complaint | {"urgency": ["ELDERLY"]})
    after = case_facts.of_mapping(row._mapping)
    assert case_facts.facts(after, reference) == case_facts.facts(before, reference)
