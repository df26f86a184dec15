"""What a desk cannot write down: things of the future, contradictions, what is another officer's, what ended."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.access import officers
from services.casework.session import ClaimedByAnotherError, DeskSession
from services.casework.steps import NotOpenError
from services.desk.perform import VerbOutcome
from services.rules.states.table import ConditionsNotMetError
from shared import clock
from shared.database import Database
from shared.errors import InvalidInputError, NotFoundError
from tests.services.desks import Run

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
TOMORROW = clock.now() + timedelta(days=1)
YESTERDAY = clock.now() - timedelta(days=1)
CLOSING = {
    "close_reason": "SETTLED",
    "responsibility": "ENTERPRISE",
    "responsible_unit": "文三路网点",
    "answer": "已赔偿。",
}


def _fault(error: pytest.ExceptionInfo[InvalidInputError]) -> tuple[str, str]:
    [fault] = error.value.errors
    return fault.pointer, fault.code


@pytest.mark.parametrize(
    ("verb", "form", "fault"),
    [
        ("follow-up", {"message": "x", "answer_by": YESTERDAY}, ("/answer_by", "in-the-past")),
        (
            "remedy",
            {"kind": "REFUND", "amount_fen": 1, "paid_on": clock.civil_day(TOMORROW)},
            ("/paid_on", "in-the-future"),
        ),
        (
            "mediate",
            {
                "user_consent": {"given_at": TOMORROW, "means": "PHONE"},
                "enterprise_consent": {"given_at": YESTERDAY, "means": "PHONE"},
            },
            ("/user_consent/given_at", "in-the-future"),
        ),
        (
            "set-failing-link",
            {"failing_link": "SORT", "region_code": "999999"},
            ("/region_code", "unknown-region"),
        ),
    ],
)
def test_what_cannot_be_true_is_not_written_down(
    verb: str, form: dict[str, Any], fault: tuple[str, str], replied: Make, act: Act
) -> None:
    with pytest.raises(InvalidInputError) as error:
        act(replied(), verb, **form)
    assert _fault(error) == fault


def test_who_was_not_reached_said_nothing(replied: Make, act: Act) -> None:
    with pytest.raises(ValueError, match="not reached"):
        act(replied(), "visit", reached=False, account_matches=True)


def test_what_has_ended_has_no_level_and_no_link_to_decide(replied: Make, act: Act) -> None:
    number = replied()
    act(number, "visit", reached=True, account_matches=True)
    act(number, "close", settlement_lawful=True, **CLOSING)
    with pytest.raises(NotOpenError):
        act(number, "level", level="L2", reason="x")
    with pytest.raises(NotOpenError):
        act(number, "set-failing-link", failing_link="SORT")


def test_a_finding_that_falls_takes_its_link_with_it(
    replied: Make, act: Act, desk: Callable[..., DeskSession], case_of: Callable[[str], Any]
) -> None:
    number, above = replied(), desk("P330000")
    act(number, "visit", reached=True, account_matches=True)
    act(number, "close", settlement_lawful=True, failing_link="SORT", **CLOSING)
    with pytest.raises(InvalidInputError) as error:
        act(number, "overturn", responsibility="USER", responsible_unit="x", reason="x", by=above)
    assert _fault(error) == ("/responsible_unit", "does-not-fit")
    act(number, "overturn", responsibility="USER", reason="用户地址有误", by=above)
    case = case_of(number)
    assert (case.responsibility, case.responsible_unit, case.failing_link) == ("USER", None, None)


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("remedy", {"kind": "REFUND", "amount_fen": 1}),
        ("reassign", {"bureau": "C330200", "reason": "x"}),
    ],
)
def test_a_claimed_case_is_given_away_by_its_officer_only(
    verb: str, form: dict[str, Any], received: Make, act: Act, desk: Callable[..., DeskSession]
) -> None:
    number = received()
    act(number, "claim")
    with pytest.raises(ClaimedByAnotherError):
        act(number, verb, by=desk(officer="wang.wei"), **form)
    act(number, verb, **form)


def test_money_that_comes_late_claims_no_closed_case(
    replied: Make, act: Act, case_of: Callable[[str], Any]
) -> None:
    number = replied()
    act(number, "visit", reached=True, account_matches=True)
    act(number, "close", settlement_lawful=True, **CLOSING)
    act(number, "remedy", kind="REFUND", amount_fen=100)
    assert (case_of(number).recovered_fen, case_of(number).claimed_by) == (100, None)


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


@pytest.mark.parametrize(
    ("bureau", "officer_id", "error"),
    [
        ("X999999", "li.na", NotFoundError),
        ("C330100", "li na", InvalidInputError),
        ("C330100", "", InvalidInputError),
    ],
)
def test_no_officer_is_registered_whom_no_call_can_name(
    bureau: str, officer_id: str, error: type[Exception], db: Database, run: Run
) -> None:
    with pytest.raises(error):
        run(
            officers.put(
                db,
                bureau=bureau,
                officer_id=officer_id,
                name="x",
                role=officers.OFFICER,
                active=True,
                actor="tests",
            )
        )
