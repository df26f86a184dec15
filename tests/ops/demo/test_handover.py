"""Handing a month over: every row is in once, a second time nothing is sent, and a refused row is reported."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from ops.demo import handover
from ops.demo.calls import caller
from ops.demo.handover import HandedOver
from ops.demo.margins import MARCH, Margins
from ops.stack.processes import StackError
from tests.running import Stack

SMALL = replace(
    MARCH,
    month=date(2019, 5, 1),
    postal=10,
    express=50,
    valid_postal=4,
    valid_express=20,
    satisfied_administration=22,
    satisfied_postal=3,
    satisfied_express=18,
)
"""A small month of the demo's form."""


def _hand_over(stack: Stack, margins: Margins, client: str = "legacy-import") -> tuple[HandedOver, int]:
    advanced: list[int] = []

    async def _go() -> HandedOver:
        async with caller(stack.intake, stack.keys[client]) as legacy:
            return await handover.hand_over(legacy, margins, numbered_from=900_000, advance=advanced.append)

    return asyncio.run(_go()), sum(advanced)


def test_a_month_is_imported_once(stack: Stack) -> None:
    first, advanced = _hand_over(stack, SMALL)
    assert (first, advanced) == (HandedOver("2019-05", 60, 60, 0), 60)
    second, advanced = _hand_over(stack, SMALL)
    assert (second, advanced) == (HandedOver("2019-05", 60, 0, 60), 60)
    [(count,)] = stack.query(
        "SELECT count(*) FROM complaint WHERE received_at >= '2019-05-01+08' AND received_at < '2019-06-01+08'"
    )
    assert count == 60


def test_who_may_not_import_ends_in_a_sentence(stack: Stack) -> None:
    with pytest.raises(StackError, match="POST /v1/imports was answered 403"):
        _hand_over(stack, SMALL, client="web-form")
