"""What a desk cannot write down: things of the future, contradictions, what is another officer's, what ended."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.casework.steps import NotOpenError
from services.desk.perform import VerbOutcome
from shared import clock
from shared.errors import InvalidInputError

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
                "user_consent": {"consented_at": TOMORROW, "means": "PHONE"},
                "enterprise_consent": {"consented_at": YESTERDAY, "means": "PHONE"},
            },
            ("/user_consent/consented_at", "in-the-future"),
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


def test_what_has_ended_has_no_level_and_no_link_to_decide(replied: Make, act: Act) -> None:
    number = replied()
    act(number, "visit", reached=True, account_matches=True)
    act(number, "close", settlement_lawful=True, **CLOSING)
    with pytest.raises(NotOpenError):
        act(number, "level", level="L2", reason="x")
    with pytest.raises(NotOpenError):
        act(number, "set-failing-link", failing_link="SORT")
