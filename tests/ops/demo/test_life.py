"""The life of a complaint of the demo on the running stack: from the enterprise to its end, with every deadline met."""

import asyncio

import pytest

from ops.demo import life, live
from ops.demo.calls import caller
from ops.demo.life import Lived, People
from ops.stack.processes import StackError
from tests.running import Stack


def _live(stack: Stack, number: str | None = None) -> Lived:
    async def _go() -> Lived:
        async with (
            caller(stack.intake, stack.keys["call-centre"]) as centre,
            caller(stack.intake, stack.keys["carrier-yto"]) as carrier,
            caller(stack.intake, stack.keys["desk-hangzhou"]) as desk,
        ):
            return await life.live(People(carrier, desk), number or (await live.follow(centre)).number)

    return asyncio.run(_go())


def test_a_complaint_is_replied_to_verified_and_closed(stack: Stack) -> None:
    lived = _live(stack)
    assert (lived.case["status"], lived.case["failing_link"]) == ("CLOSED", "STATION_LOCKER")
    assert lived.case["recovered_fen"] == 5_000
    kinds = [event["kind"] for event in lived.case["history"]]
    assert [kind for kind in kinds if kind in {"FORWARDED", "REPLIED", "VISITED", "REMEDY", "CLOSED"}] == [
        "FORWARDED",
        "REPLIED",
        "VISITED",
        "REMEDY",
        "CLOSED",
    ]
    assert {deadline["state"] for deadline in lived.deadlines} <= {"MET", "MOOT"}


def test_a_case_that_cannot_be_read_ends_in_a_sentence(stack: Stack) -> None:
    with pytest.raises(StackError, match="was answered 404"):
        _live(stack, "20261124000000017")
