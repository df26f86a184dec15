"""One complaint of the demo on the running stack: it is new each time, reaches its bureau, and is explained."""

import asyncio

from ops.demo import live
from ops.demo.calls import caller
from ops.demo.live import LiveComplaint
from tests.running import Stack


def test_a_complaint_is_followed_until_it_is_routed_and_explained(stack: Stack) -> None:
    async def _follow() -> LiveComplaint:
        async with caller(stack.intake, stack.keys["call-centre"]) as centre:
            return await live.follow(centre)

    way = asyncio.run(_follow())
    assert way.case["handling_bureau"]["code"] == "C330100"
    assert way.explanation["number"] == way.number == way.case["number"]
    assert 0 < way.posted_ms <= way.routed_ms


def test_no_two_complaints_are_the_same() -> None:
    waybills = {live.complaint()["item"]["waybill"] for _ in range(50)}
    assert len(waybills) == 50
