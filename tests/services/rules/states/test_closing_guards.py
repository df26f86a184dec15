"""What must be so before a case is closed: each condition names what is missing, where, and is content when it is there."""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from services.rules.states import closing_guards, guards
from services.rules.states.facts import (
    ClosingFacts,
    MediationFacts,
    MoveFacts,
    OtherProcedureFacts,
    UnansweredClosingFacts,
)
from shared.vocabulary import CloseReason, Responsibility

R, F = CloseReason, Responsibility
CLOSABLE = ClosingFacts(
    user_reached=True,
    unreachable=False,
    account_matches=True,
    settlement_lawful=True,
    close_reason=R.SETTLED,
    responsibility=F.ENTERPRISE,
    responsible_unit="网点",
)
CONCLUDABLE = MediationFacts(
    user_answered=True,
    enterprise_answered=True,
    answer_deadline_passed=False,
    consent_withdrawn=False,
    user_reached=False,
    close_reason=R.MEDIATED,
    responsibility=F.NONE,
    responsible_unit=None,
)
Facts = TypeVar("Facts", bound=MoveFacts)


def _missing(guard: Callable[[Facts], guards.GuardFaults], facts: Facts, **changes: Any) -> list[str]:
    return [fault.pointer for fault in guard(dataclasses.replace(facts, **changes))]


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({}, []),
        ({"user_reached": False}, ["/visits"]),
        ({"account_matches": False}, ["/visits"]),
        ({"settlement_lawful": False}, ["/settlement_lawful"]),
        ({"responsible_unit": None}, ["/responsible_unit"]),
        ({"responsible_unit": None, "responsibility": F.USER}, []),
        ({"close_reason": None}, ["/close_reason"]),
        ({"close_reason": R.MEDIATED}, ["/close_reason"]),
        ({"responsibility": None}, ["/responsibility"]),
        ({"close_reason": R.NO_FAULT_EXPLAINED}, ["/responsibility"]),
        ({"close_reason": R.NO_FAULT_EXPLAINED, "responsibility": F.NONE}, []),
        ({"close_reason": R.UNREACHABLE}, ["/visits"]),
        ({"close_reason": R.UNREACHABLE, "unreachable": True, "user_reached": False}, []),
    ],
)
def test_the_three_conditions_of_closing(changes: dict[str, Any], pointers: list[str]) -> None:
    assert _missing(closing_guards.closing_is_due, CLOSABLE, **changes) == pointers


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({}, []),
        ({"user_answered": False}, ["/answers"]),
        ({"enterprise_answered": False}, ["/answers"]),
        ({"enterprise_answered": False, "answer_deadline_passed": True}, []),
        ({"close_reason": R.SETTLED}, ["/close_reason"]),
    ],
)
def test_a_mediation_ends_with_both_answers_or_with_the_deadline(
    changes: dict[str, Any], pointers: list[str]
) -> None:
    assert _missing(closing_guards.mediation_ended, CONCLUDABLE, **changes) == pointers


def test_without_consent_a_mediation_fails_and_does_not_succeed() -> None:
    assert _missing(closing_guards.consent_was_withdrawn, CONCLUDABLE) == [
        "/consent_withdrawn",
        "/close_reason",
    ]
    failed = {"consent_withdrawn": True, "close_reason": R.MEDIATION_FAILED}
    assert _missing(closing_guards.consent_was_withdrawn, CONCLUDABLE, **failed) == []


def test_a_case_is_closed_without_a_reply_only_when_the_enterprise_is_late() -> None:
    facts = UnansweredClosingFacts(
        enterprise_overdue=False, close_reason=R.OTHER, responsibility=F.ENTERPRISE, responsible_unit="总部"
    )
    assert _missing(closing_guards.enterprise_is_late, facts) == ["/close_reason"]
    assert _missing(closing_guards.enterprise_is_late, facts, enterprise_overdue=True) == []


def test_another_procedure_leaves_the_finding_open() -> None:
    facts = OtherProcedureFacts(
        has_procedure=False,
        close_reason=R.IN_OTHER_PROCEDURE,
        responsibility=F.UNDETERMINED,
        responsible_unit=None,
    )
    assert _missing(closing_guards.other_procedure_is_named, facts) == ["/procedure"]
    assert _missing(closing_guards.other_procedure_is_named, facts, has_procedure=True) == []
    finding = {"has_procedure": True, "responsibility": F.ENTERPRISE}
    assert _missing(closing_guards.other_procedure_is_named, facts, **finding) == ["/responsibility"]


def test_a_refused_mediation_ends_only_after_a_talk_with_the_user() -> None:
    failed = {"consent_withdrawn": True, "close_reason": R.MEDIATION_FAILED}
    assert _missing(closing_guards.consent_was_refused, CONCLUDABLE, **failed) == ["/visits"]
    assert _missing(closing_guards.consent_was_refused, CONCLUDABLE, user_reached=True, **failed) == []
