"""One verb on one case: the version that was read, the bureau's own case, the audit of every act."""

from collections.abc import Callable
from typing import Any

import pytest

from services.casework.session import DeskSession, NotYourCaseError
from services.desk.perform import StaleVersionError, VerbOutcome
from shared.errors import NotFoundError

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]


def test_only_the_version_that_was_read_is_changed(received: Make, act: Act, case_of: Case) -> None:
    number = received()
    with pytest.raises(StaleVersionError) as refused:
        act(number, "accept", version=case_of(number).version - 1)
    assert refused.value.members == {"version": case_of(number).version}
    assert case_of(number).status == "RECEIVED"


def test_each_bureau_works_its_own_cases(received: Make, act: Act, desk: Callable[..., DeskSession]) -> None:
    number = received()
    with pytest.raises(NotYourCaseError):
        act(number, "accept", by=desk("P330000"))
    # a bureau that has nothing to do with it does not learn that it exists
    with pytest.raises(NotFoundError):
        act(number, "accept", by=desk("C440100"))


def test_every_act_is_audited_with_its_operator(
    received: Make, act: Act, ask: Callable[..., list[Any]]
) -> None:
    number = received()
    act(number, "note", note="已电话联系，用户情绪激动。", contact=True)
    [entry] = ask("SELECT actor, act, subject, data FROM audit_entry WHERE act LIKE 'desk.%'")
    assert tuple(entry) == ("C330100/li.na", "desk.note", number, {"key": "desk-C330100"})
    assert "情绪" not in str(ask("SELECT data FROM case_event"))
