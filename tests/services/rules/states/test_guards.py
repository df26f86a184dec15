"""The conditions of moves: each names what is missing, where, and is content when it is there."""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

from services.rules.states import grounds, guards
from services.rules.states.facts import (
    ConsentFacts,
    MoveFacts,
    RedoFacts,
    RefusalFacts,
    ReplyFacts,
    ReworkFacts,
)
from shared.vocabulary import CloseReason, RefusalGround, Responsibility, ReworkGround

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
    assert _missing(guards.elements_were_requested, unasked) == ["/ground"]
    assert _missing(guards.elements_were_requested, unasked, supplement_requested=True) == []
    assert _missing(guards.elements_were_requested, REFUSABLE) == []


def test_missing_elements_are_refused_only_after_the_deadline() -> None:
    early = dataclasses.replace(REFUSABLE, ground=RefusalGround.MISSING_ELEMENTS)
    assert _missing(guards.supplement_did_not_come, early) == ["/ground"]
    assert _missing(guards.supplement_did_not_come, early, supplement_overdue=True) == []
    # another ground needs no waiting
    assert _missing(guards.supplement_did_not_come, REFUSABLE) == []


def test_mediation_needs_both() -> None:
    assert _missing(guards.both_consent, ConsentFacts(user_consents=False, enterprise_consents=False)) == [
        "/user_consent",
        "/enterprise_consent",
    ]
    assert _missing(guards.both_consent, ConsentFacts(user_consents=True, enterprise_consents=False)) == [
        "/enterprise_consent"
    ]
    assert _missing(guards.both_consent, ConsentFacts(user_consents=True, enterprise_consents=True)) == []


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
    assert Responsibility.ENTERPRISE not in grounds.FINDINGS[CloseReason.NO_FAULT_EXPLAINED]
