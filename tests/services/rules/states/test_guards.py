"""The conditions of moves: each names what is missing, where, and is content when it is there."""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from services.rules.states import closing_guards, grounds, guards
from services.rules.states.facts import (
    ClosingFacts,
    ConsentFacts,
    MediationFacts,
    MoveFacts,
    OtherProcedureFacts,
    RedoFacts,
    RefusalFacts,
    ReplyFacts,
    ReworkFacts,
    UnansweredClosingFacts,
)
from shared.vocabulary import CloseReason, RefusalGround, Responsibility, ReworkGround

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
REFUSABLE = RefusalFacts(
    has_reason=True,
    ground=RefusalGround.OUT_OF_SCOPE,
    legal_basis="art. 8",
    supplement_requested=False,
    supplement_overdue=False,
)


Facts = TypeVar("Facts", bound=MoveFacts)


def _missing(guard: Callable[[Facts], guards.GuardFaults], facts: Facts, **changes: Any) -> list[str]:
    return [fault.pointer for fault in guard(dataclasses.replace(facts, **changes))]


def test_a_refusal_has_ground_basis_and_words() -> None:
    assert _missing(guards.refusal_is_grounded, REFUSABLE) == []
    assert _missing(
        guards.refusal_is_grounded, REFUSABLE, has_reason=False, ground=None, legal_basis=None
    ) == [
        "/ground",
        "/legal_basis",
        "/reason",
    ]
    assert grounds.LEGAL_BASES.keys() == set(RefusalGround)


def test_missing_elements_are_refused_only_after_they_were_asked_for() -> None:
    unasked = dataclasses.replace(REFUSABLE, ground=RefusalGround.MISSING_ELEMENTS)
    assert _missing(guards.elements_were_asked_for, unasked) == ["/ground"]
    assert _missing(guards.elements_were_asked_for, unasked, supplement_requested=True) == []
    assert _missing(guards.elements_were_asked_for, REFUSABLE) == []


def test_missing_elements_are_refused_only_after_the_deadline() -> None:
    early = dataclasses.replace(REFUSABLE, ground=RefusalGround.MISSING_ELEMENTS)
    assert _missing(guards.supplement_did_not_come, early) == ["/ground"]
    assert _missing(guards.supplement_did_not_come, early, supplement_overdue=True) == []
    # another ground needs no waiting
    assert _missing(guards.supplement_did_not_come, REFUSABLE) == []


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


def test_mediation_needs_both() -> None:
    assert _missing(guards.both_consent, ConsentFacts(user_consents=False, enterprise_consents=False)) == [
        "/user_consent",
        "/enterprise_consent",
    ]
    assert _missing(guards.both_consent, ConsentFacts(user_consents=True, enterprise_consents=False)) == [
        "/enterprise_consent"
    ]
    assert _missing(guards.both_consent, ConsentFacts(user_consents=True, enterprise_consents=True)) == []


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


def test_a_reply_names_every_missing_field() -> None:
    facts = ReplyFacts(missing_fields=("facts", "action"))
    assert _missing(guards.reply_is_complete, facts) == ["/facts", "/action"]
    assert _missing(guards.reply_is_complete, ReplyFacts(missing_fields=())) == []


def test_rework_is_asked_for_on_one_of_two_grounds_in_words() -> None:
    assert _missing(guards.rework_has_ground, ReworkFacts(has_reason=False, ground=None)) == [
        "/ground",
        "/reason",
    ]
    facts = ReworkFacts(ground=ReworkGround.ACCOUNT_DIFFERS, has_reason=True)
    assert _missing(guards.rework_has_ground, facts) == []


def test_the_hotline_may_have_it_done_again_once() -> None:
    assert guards.not_redone_before(RedoFacts(times_redone=0)) == ()
    assert guards.not_redone_before(RedoFacts(times_redone=1)) != ()


def test_findings_name_every_reason() -> None:
    assert grounds.FINDINGS.keys() == set(CloseReason)
    assert F.ENTERPRISE not in grounds.FINDINGS[R.NO_FAULT_EXPLAINED]
