"""Persons in clear: only the fields that are named, for a purpose, by who handles the case or is above; each time noted."""

import dataclasses
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from services.cases.changes import KeyedContext
from services.casework.session import DeskSession, NotYourCaseError
from services.desk.unmask import UNMASK, ClearField, Purpose, Unmask, Unmasked, UnmaskingRefusedError, unmask
from services.views import desk_case
from shared.database import Database
from shared.errors import NotFoundError

Make = Callable[..., str]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
See = Callable[..., dict[str, Any]]
WAYBILL = "75312345678902"


def _may(desk: DeskSession) -> DeskSession:
    return dataclasses.replace(
        desk, caller=dataclasses.replace(desk.caller, scopes=desk.caller.scopes | {UNMASK})
    )


@pytest.fixture
def see(db: Database, run: Run, context: KeyedContext, desk: Callable[..., DeskSession]) -> See:
    """Return a function that unmasks fields of a case, by default as an officer of Hangzhou who may."""

    def _see(number: str, *fields: ClearField, by: DeskSession | None = None) -> dict[str, Any]:
        form = Unmask(purpose=Purpose.CONTACT, fields=list(fields))
        answer: Unmasked = run(unmask(db, number, form, desk=by or _may(desk()), context=context))
        return answer.model_dump(exclude_unset=True)

    return _see


def test_only_what_is_named_is_shown_and_each_time_is_noted(
    received: Make, see: See, ask: Callable[..., list[Any]]
) -> None:
    number = received(item={"waybill": WAYBILL})
    phone = see(number, ClearField.PHONE, ClearField.PHONE)
    assert phone["persons"]["complainant"] == {"phone": "+8613800138000"}
    assert "waybill" not in phone
    assert see(number, ClearField.NAME, ClearField.WAYBILL)["waybill"] == WAYBILL
    noted = ask("SELECT actor, subject, data FROM audit_entry WHERE act = 'desk.unmask' ORDER BY id")
    assert [(row.actor, row.subject, row.data["fields"], row.data["purpose"]) for row in noted] == [
        ("C330100/li.na", number, ["phone"], "CONTACT"),
        ("C330100/li.na", number, ["name", "waybill"], "CONTACT"),
    ]
    assert "13800138000" not in str(noted)


def test_the_scope_is_its_own(received: Make, see: See, desk: Callable[..., DeskSession]) -> None:
    with pytest.raises(UnmaskingRefusedError, match=UNMASK):
        see(received(), ClearField.PHONE, by=desk())


def test_a_copy_stays_masked_and_a_superior_sees(
    received: Make, see: See, desk: Callable[..., DeskSession], ask: Callable[..., list[Any]]
) -> None:
    number = received()
    assert see(number, ClearField.NAME, by=_may(desk("P330000")))["persons"]["complainant"]["name"]
    with pytest.raises(NotFoundError):
        see(number, ClearField.NAME, by=_may(desk("C330200")))
    ask("UPDATE complaint SET copied_to = ARRAY['C330200'] WHERE number = :number", number=number)
    with pytest.raises(NotYourCaseError):
        see(number, ClearField.NAME, by=_may(desk("C330200")))
    assert len(ask("SELECT 1 FROM audit_entry WHERE act = 'desk.unmask'")) == 1


def test_who_asked_for_confidentiality_is_shown_to_supervisors_only(
    received: Make,
    see: See,
    desk: Callable[..., DeskSession],
    ask: Callable[..., list[Any]],
    db: Database,
    run: Run,
    context: KeyedContext,
) -> None:
    number = received()
    ask("UPDATE complaint SET confidential = true WHERE number = :number", number=number)
    with pytest.raises(UnmaskingRefusedError, match="supervisor"):
        see(number, ClearField.NAME)
    persons = {
        officer: run(
            desk_case.read(
                db, number, desk=desk(officer=officer, supervisor=officer == "chen.jie"), context=context
            )
        ).persons.model_dump(exclude_none=True)
        for officer in ("li.na", "chen.jie")
    }
    assert persons["li.na"] == {}
    assert persons["chen.jie"]["complainant"]["name"] == "王**"
    assert see(number, ClearField.NAME, by=_may(desk(officer="chen.jie", supervisor=True)))["persons"]
