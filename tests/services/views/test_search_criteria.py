"""What people search by: normalised, refused where it cannot be, never repeated; and the index that a search goes along."""

import uuid
from typing import Any

import pytest
from sqlalchemy.dialects import postgresql

from services.access.clients import Caller
from services.access.officers import OFFICER, Officer
from services.access.scopes import Scope
from services.cases import lookup
from services.casework.session import DeskSession
from services.reference.data import ReferenceData
from services.requests import parsing
from services.views import search_criteria
from services.views.search_criteria import Clauses, Conditions, Search
from shared import serialisation
from shared.errors import InvalidInputError
from shared.privacy.blind_index import BlindIndex

INDEX = BlindIndex(bytes(32))
CLIENT = uuid.UUID(int=7)


def _form(**criteria: Any) -> Search:
    return parsing.read_one(serialisation.to_bytes(criteria), Search)


def _checked(**criteria: Any) -> Conditions:
    form = _form(**criteria)
    search_criteria.criteria_of(form)
    return search_criteria.conditions(form, INDEX)


def _sql(clauses: Clauses | None) -> str | None:
    """Return conditions as SQL with their values; None where there is no range."""
    if clauses is None:
        return None
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves the constructor untyped
    return " AND ".join(
        str(clause.compile(dialect=dialect, compile_kwargs={"literal_binds": True})) for clause in clauses
    )


@pytest.mark.parametrize(
    ("criteria", "pointer"),
    [
        ({}, ""),
        ({"limit": 5}, ""),
        ({"phone": "canary-12x"}, "/phone"),
        ({"identity_card": "530102192005080110"}, "/identity_card"),
        ({"waybill": "快递单号"}, "/waybill"),
        ({"number": "20261124000000018"}, "/number"),
        ({"received_from": "2026-11-24", "received_to": "2026-11-23"}, "/received_to"),
        ({"received_from": "0001-01-01"}, "/received_from"),
        ({"received_to": "9999-12-31"}, "/received_to"),
        ({"carrier_code": "ZTO", "name": "王小明"}, "/name"),
        ({"text": "王"}, "/text"),
        ({"carrier_code": "ZTO", "limit": 51}, "/limit"),
        ({"status": "LOST"}, "/status"),
        ({"phone": 13800138000}, "/phone"),
    ],
)
def test_a_criterion_that_cannot_be_is_refused_and_not_repeated(
    criteria: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        _checked(**criteria)
    [fault] = refused.value.errors
    assert fault.pointer == pointer
    said = f"{refused.value.detail} {fault.message}"
    for value in criteria.values():
        assert str(value) not in said or len(str(value)) < 3


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        _checked(phone="12x", waybill="快递单号", number="20261124000000018", received_from="0001-01-01")
    assert {fault.pointer for fault in refused.value.errors} == {
        "/phone",
        "/waybill",
        "/number",
        "/received_from",
    }


@pytest.mark.parametrize(
    ("name", "written", "otherwise"),
    [
        ("phone", "13900139000", "+86 139-0013-9000"),
        ("waybill", "75123456789012", " 7512 3456 7890 12 "),
        ("identity_card", "53010219200508011X", "53010219200508011x"),
    ],
)
def test_a_person_is_looked_up_by_an_index_however_the_value_is_written(
    name: str, written: str, otherwise: str
) -> None:
    [clause], [other] = (_checked(**{name: text}).person for text in (written, otherwise))
    assert clause.compare(other)
    assert written not in str(clause.compile().params)


def test_days_are_those_of_shanghai_the_last_one_whole() -> None:
    days = _checked(received_from="2026-11-24", received_to="2026-11-24").days
    assert [clause.compile().params["received_at_1"].isoformat() for clause in days] == [
        "2026-11-24T00:00:00+08:00",
        "2026-11-25T00:00:00+08:00",
    ]


def test_the_criteria_that_are_given_are_named_without_their_values() -> None:
    assert search_criteria.criteria_of(_form(phone="13900139000", status="CLOSED", limit=5)) == [
        "phone",
        "status",
    ]


def _desk(bureau: str, reference: ReferenceData) -> DeskSession:
    caller = Caller(CLIENT, "desk", "bureau", frozenset({Scope.DESK_WORK}), None, bureau, None, 100)
    return DeskSession(caller, reference.jurisdictions.bureaus[bureau], Officer("li.na", "李娜", OFFICER))


@pytest.mark.parametrize(
    ("bureau", "criteria", "along"),
    [
        # an index finds these
        ("C330100", {"phone": "13900139000", "bureau": "C330200"}, None),
        ("C330100", {"number": "20261124000000017"}, None),
        # a city sees what it handles, and no more
        ("C330100", {"status": "FORWARDED"}, "complaint.handling_bureau = 'C330100'"),
        ("C330100", {"bureau": "C330200"}, "complaint.handling_bureau = 'C330200'"),
        # a province goes along a state, a carrier, or all
        ("P330000", {"carrier_code": "ZTO"}, "complaint.carrier_code = 'ZTO'"),
        ("P330000", {"level": "L2"}, ""),
        # what is closed is most of all there is: no range of its own
        ("P330000", {"status": "CLOSED", "carrier_code": "ZTO"}, "complaint.carrier_code = 'ZTO'"),
    ],
)
def test_a_desk_goes_along_the_narrowest_range(
    bureau: str, criteria: dict[str, Any], along: str | None, packaged: ReferenceData
) -> None:
    desk = _desk(bureau, packaged)
    scope = lookup.of_bureau(desk.bureau)
    assert _sql(search_criteria.driving_range(_form(**criteria), desk, scope, packaged)) == along


def test_a_state_is_a_range_of_its_index(packaged: ReferenceData) -> None:
    desk = _desk("P330000", packaged)
    scope = lookup.of_bureau(desk.bureau)
    ranges = [
        _sql(search_criteria.driving_range(_form(status=status), desk, scope, packaged)) or ""
        for status in ("REPLIED", "REFUSED")
    ]
    assert ranges[0].startswith("complaint.status = 'REPLIED' AND status")
    assert ranges[1].startswith("complaint.status = 'REFUSED' AND ")
    assert ranges[0].partition(" AND ")[2] != ranges[1].partition(" AND ")[2]


def test_a_client_goes_along_its_own_cases_and_one_that_reads_all_along_all(packaged: ReferenceData) -> None:
    form = _form(level="L2")
    own, every = (
        Caller(CLIENT, "client", "portal", frozenset({scope}), None, None, None, 100)
        for scope in (Scope.COMPLAINT_READ, Scope.COMPLAINT_READ_ALL)
    )
    range_of_own = search_criteria.driving_range(form, own, lookup.of_client(own), packaged)
    assert "client_id" in (_sql(range_of_own) or "")
    assert search_criteria.driving_range(form, every, lookup.of_client(every), packaged) == ()
