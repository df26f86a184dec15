"""A mediation: with both consents, an opinion, both answers or their deadline; and its end where nobody will mediate."""

from collections.abc import Callable
from typing import Any

import pytest

from services.desk.mediation import NotInMediationError
from services.desk.perform import VerbOutcome
from services.rules.states.table import ConditionsNotMetError

CLOSING = {
    "close_reason": "SETTLED",
    "responsibility": "ENTERPRISE",
    "responsible_unit": "文三路网点",
    "answer": "已赔偿。",
}

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]
Ask = Callable[..., list[Any]]
CLOSE = {
    "close_reason": "SETTLED",
    "responsibility": "ENTERPRISE",
    "responsible_unit": "杭州西湖网点",
    "failing_link": "DELIVERY",
    "settlement_lawful": True,
    "answer": "企业已赔偿并道歉。",
}
CONSENT = {"consented_at": "2026-11-20T10:00:00+08:00", "means": "PHONE"}


def test_a_mediation_succeeds_with_both_answers(
    replied: Make, act: Act, case_of: Case, deadlines_of: Rows
) -> None:
    number = replied()
    act(number, "mediate", user_consent=CONSENT, enterprise_consent=CONSENT)
    with pytest.raises(NotInMediationError):
        act(number, "answer", party="USER", accepts=True)
    act(number, "propose", opinion="建议企业赔偿三百元。")
    assert deadlines_of(number)["mediation_answer"].amount == 3
    conclude = CLOSE | {"close_reason": "MEDIATED"}
    conclude.pop("settlement_lawful")
    act(number, "answer", party="USER", accepts=True)
    with pytest.raises(ConditionsNotMetError, match="both parties' answers"):
        act(number, "conclude", **conclude)
    act(number, "answer", party="ENTERPRISE", accepts=True)
    act(number, "conclude", **conclude)
    assert (case_of(number).status, case_of(number).close_reason) == ("CLOSED", "MEDIATED")


def test_a_mediation_fails_when_the_deadline_passes_or_consent_goes(
    replied: Make, act: Act, case_of: Case, ask: Ask
) -> None:
    failed = {
        "close_reason": "MEDIATION_FAILED",
        "responsibility": "UNDETERMINED",
        "answer": "可依法起诉或申请仲裁。",
    }
    silent, left = replied(), replied()
    for number in (silent, left):
        act(number, "mediate", user_consent=CONSENT, enterprise_consent=CONSENT)
    act(silent, "propose", opinion="建议赔偿。")
    with pytest.raises(ConditionsNotMetError):
        act(silent, "conclude", **failed)
    ask("UPDATE case_deadline SET due_at = clock_timestamp() WHERE key = 'mediation_answer'")
    act(silent, "conclude", **failed)
    with pytest.raises(ConditionsNotMetError):
        act(left, "conclude", **failed)
    act(left, "conclude", **failed, consent_withdrawn="USER")
    assert {case_of(number).close_reason for number in (silent, left)} == {"MEDIATION_FAILED"}


def test_a_dispute_that_nobody_will_mediate_still_ends(
    replied: Make, act: Act, case_of: Callable[[str], Any]
) -> None:
    number = replied()
    failed = {
        "close_reason": "MEDIATION_FAILED",
        "responsibility": "UNDETERMINED",
        "answer": "可向人民法院起诉。",
        "consent_withdrawn": "ENTERPRISE",
    }
    with pytest.raises(ConditionsNotMetError):
        act(number, "conclude", **failed)
    act(number, "visit", reached=True, account_matches=False)
    with pytest.raises(ConditionsNotMetError):
        act(number, "close", settlement_lawful=True, **CLOSING)
    with pytest.raises(ConditionsNotMetError):
        act(number, "conclude", **(failed | {"consent_withdrawn": None}))
    act(number, "conclude", **failed)
    assert (case_of(number).status, case_of(number).close_reason) == ("CLOSED", "MEDIATION_FAILED")
