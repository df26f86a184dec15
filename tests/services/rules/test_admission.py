"""The eight checks: each alone, their order, and that nothing is proposed without a failed check."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules import admission
from services.rules.facts import CaseFacts
from shared.vocabulary import EnterpriseOutcome, OtherProcedure, Role

FactsFactory = Callable[..., CaseFacts]
RULES = admission.AdmissionRules()

# one way to fail each check that a machine can find failed, in the order of the law
FAILURES: tuple[tuple[int, str, dict[str, Any]], ...] = (
    (1, "OUT_OF_SCOPE", {"carrier_in_scope": False}),
    (2, "AGENT_NOT_AUTHORISED", {"role": Role.AGENT}),
    (3, "MISSING_ELEMENTS", {"has_cause_and_request": False}),
    (4, "NOT_COMPLAINED_TO_ENTERPRISE", {"enterprise_outcome": None}),
    (5, "DUPLICATE", {"same_matter_number": "20210301000000017"}),
    (6, "IN_OTHER_PROCEDURE", {"other_procedure": OtherProcedure.LITIGATION}),
    (7, "TIME_BARRED", {"mailed_on": date(2020, 3, 14)}),
)


def test_an_ordinary_case_passes_every_check(facts: FactsFactory) -> None:
    result = admission.check(facts(), RULES)
    assert (result.passed, result.proposed_ground) == (True, None)
    assert [check.rule for check in result.checks] == [f"A{n}" for n in range(1, 9)]
    assert {check.outcome for check in result.checks} == {"passed"}
    assert all(check.reason for check in result.checks)


@pytest.mark.parametrize(
    ("number", "ground", "changes"),
    [
        *FAILURES,
        (3, "NO_CLEAR_RESPONDENT", {"carrier_code": ""}),
        (3, "NO_CLEAR_RESPONDENT", {"carrier_code": "", "has_cause_and_request": False}),
        # an enterprise that nobody named yet is not shown to be outside
        (3, "NO_CLEAR_RESPONDENT", {"carrier_code": "", "carrier_in_scope": False}),
        (4, "NOT_COMPLAINED_TO_ENTERPRISE", {"enterprise_outcome": EnterpriseOutcome.NOT_COMPLAINED}),
        *((6, "IN_OTHER_PROCEDURE", {"other_procedure": other}) for other in list(OtherProcedure)[1:]),
    ],
)
def test_one_failed_check_proposes_its_ground(
    facts: FactsFactory, number: int, ground: str, changes: dict[str, Any]
) -> None:
    result = admission.check(facts(**changes), RULES)
    assert (result.passed, result.proposed_ground) == (False, ground)
    assert [check.rule for check in result.checks if check.outcome == "failed"] == [f"A{number}"]


@pytest.mark.parametrize("outcome", [EnterpriseOutcome.PENDING, EnterpriseOutcome.UNPROCESSED])
@pytest.mark.parametrize(
    ("complained_on", "ground"),
    [
        (date(2021, 3, 7), None),  # eight days before receipt on the 15th
        (date(2021, 3, 8), "ENTERPRISE_WINDOW_OPEN"),  # exactly seven: not yet more than seven
        (date(2021, 3, 15), "ENTERPRISE_WINDOW_OPEN"),
        (None, "ENTERPRISE_WINDOW_OPEN"),
    ],
)
def test_the_enterprise_has_seven_days(
    facts: FactsFactory, outcome: EnterpriseOutcome, complained_on: date | None, ground: str | None
) -> None:
    case = facts(enterprise_outcome=outcome, enterprise_complained_on=complained_on)
    assert admission.check(case, RULES).proposed_ground == ground


@pytest.mark.parametrize("outcome", [EnterpriseOutcome.DISSATISFIED, EnterpriseOutcome.CHANNEL_BLOCKED])
def test_dissatisfied_or_blocked_need_not_wait(facts: FactsFactory, outcome: EnterpriseOutcome) -> None:
    case = facts(enterprise_outcome=outcome, enterprise_complained_on=date(2021, 3, 15))
    assert admission.check(case, RULES).passed


def test_days_are_those_of_shanghai(facts: FactsFactory) -> None:
    # 16:00 UTC of the 15th is the 16th in Shanghai, the eighth day after the 8th
    case = facts(
        enterprise_outcome=EnterpriseOutcome.PENDING,
        enterprise_complained_on=date(2021, 3, 8),
        received_at=datetime(2021, 3, 15, 16, 0, tzinfo=UTC),
    )
    assert admission.check(case, RULES).passed


def test_an_authorised_agent_may_file(facts: FactsFactory) -> None:
    assert admission.check(facts(role=Role.AGENT, agent_authorised=True), RULES).passed


def test_the_duplicate_names_the_earlier_case(facts: FactsFactory) -> None:
    result = admission.check(facts(same_matter_number="20210301000000017"), RULES)
    assert dict(result.checks[4].params) == {"number": "20210301000000017"}


@pytest.mark.parametrize(
    ("mailed_on", "received", "ground"),
    [
        (date(2020, 3, 15), datetime(2021, 3, 15, 2, tzinfo=UTC), None),
        (date(2020, 3, 14), datetime(2021, 3, 15, 2, tzinfo=UTC), "TIME_BARRED"),
        (date(2020, 2, 29), datetime(2021, 2, 28, 2, tzinfo=UTC), None),
        (date(2020, 2, 29), datetime(2021, 3, 1, 2, tzinfo=UTC), "TIME_BARRED"),
        (None, datetime(2021, 3, 15, 2, tzinfo=UTC), None),
    ],
)
def test_a_year_from_posting(
    facts: FactsFactory, mailed_on: date | None, received: datetime, ground: str | None
) -> None:
    result = admission.check(facts(mailed_on=mailed_on, received_at=received), RULES)
    assert result.proposed_ground == ground


def test_thresholds_are_configuration(facts: FactsFactory) -> None:
    patient = admission.AdmissionRules(enterprise_window_days=3, time_bar_years=2)
    case = facts(
        enterprise_outcome=EnterpriseOutcome.PENDING,
        enterprise_complained_on=date(2021, 3, 11),
        mailed_on=date(2019, 3, 15),
    )
    assert not admission.check(case, RULES).passed
    assert admission.check(case, patient).passed


@given(st.sets(st.sampled_from(range(7))))
def test_all_checks_run_and_the_first_failure_is_proposed(facts: FactsFactory, broken: set[int]) -> None:
    changes: dict[str, Any] = {}
    for n in broken:
        changes |= FAILURES[n][2]
    result = admission.check(facts(**changes), RULES)
    assert [check.rule for check in result.checks] == [f"A{n}" for n in range(1, 9)]
    assert [n for n, check in enumerate(result.checks) if check.outcome == "failed"] == sorted(broken)
    assert result.proposed_ground == (FAILURES[min(broken)][1] if broken else None)
    assert result.passed == (not broken)
    assert result.checks[7].outcome == "passed"
