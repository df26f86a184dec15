"""Reference data: codes that cases bear are retired and not deleted, and wrong kinds, units and codes are refused."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError

from shared.database import Database
from shared.models import reference

Run = Callable[[Coroutine[Any, Any, Any]], Any]
RULE = {"version": "x", "key": "total", "amount": 30, "unit": "day", "source": "x", "confidence": "V1"}
REGION = {"code": "999999", "name": "x", "level": "CITY", "province": "990000", "status": "in_force"}
BUREAU = {
    "code": "X",
    "name": "x",
    "level": "CITY",
    "region": "999999",
    "city_handles": True,
    "auto_admit": True,
    "contact": "x",
    "working_hours": "x",
}
ENTRY = {"kind": "level", "code": "L9", "name_zh": "x", "name_en": "x", "version": "x"}


@pytest.fixture
def insert(db: Database, run: Run) -> Callable[..., list[Any]]:
    """Return a function that stores rows of a table, returns them as stored, and takes them back."""

    async def _insert(table: Table, rows: tuple[dict[str, Any], ...]) -> list[Any]:
        async with db.transaction() as connection, connection.begin_nested() as savepoint:
            statements = [table.insert().values(**row).returning(table) for row in rows]
            stored = [(await connection.execute(statement)).one() for statement in statements]
            await savepoint.rollback()
        return stored

    return lambda table, *rows: run(_insert(table, rows))


@pytest.mark.parametrize(
    ("table", "row"),
    [(reference.bureau, BUREAU), (reference.code_entry, ENTRY)],
    ids=["bureau", "code"],
)
def test_a_row_is_in_force_until_it_is_retired(
    table: Table, row: dict[str, Any], insert: Callable[..., list[Any]]
) -> None:
    [stored] = insert(table, row)
    assert stored.retired is False


def test_a_region_has_one_bureau_in_force(insert: Callable[..., list[Any]]) -> None:
    assert len(insert(reference.bureau, BUREAU | {"retired": True}, BUREAU | {"code": "Y"})) == 2
    with pytest.raises(IntegrityError, match="uq_bureau_region_in_force"):
        insert(reference.bureau, BUREAU, BUREAU | {"code": "Y"})


@pytest.mark.parametrize(
    ("table", "row", "constraint"),
    [
        (reference.region, REGION | {"code": "99999"}, "ck_region_code"),
        (reference.region, REGION | {"level": "VILLAGE"}, "ck_region_level"),
        (reference.region, REGION | {"status": "gone"}, "ck_region_status"),
        (
            reference.region_succession,
            {"old_code": "330104", "new_code": "330104"},
            "ck_region_succession_moves",
        ),
        (reference.code_entry, ENTRY | {"kind": "colour"}, "ck_code_entry_kind"),
        (reference.deadline_rule, RULE | {"amount": 0}, "ck_deadline_rule_amount"),
        (reference.deadline_rule, RULE | {"unit": "fortnight"}, "ck_deadline_rule_unit"),
        (reference.deadline_rule, RULE | {"confidence": "sure"}, "ck_deadline_rule_confidence"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(
    table: Table, row: dict[str, Any], constraint: str, insert: Callable[..., list[Any]]
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        insert(table, row)


def test_a_region_may_have_a_deadline_of_its_own(insert: Callable[..., list[Any]]) -> None:
    general, own = insert(reference.deadline_rule, RULE, RULE | {"region": "330000", "amount": 20})
    assert (general.region, own.region) == ("", "330000")
