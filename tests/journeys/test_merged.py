"""One dispute by two ways: by telephone and as an order of 12345, merged, undone, merged again, answered once."""

import uuid

from ops.sandbox.behaviours import Behaviour
from tests.journeys.conftest import Hotline, Playing
from tests.journeys.living import CONFIRMED, Filed, Life, closing, settled
from tests.journeys.test_hotline import ORDER
from tests.running import Stack, wait_for

CALLER = {"name": "赵敏", "phone": "13700137002", "role": "ADDRESSEE"}


def test_one_dispute_by_two_ways_is_one_case_with_two_receipts(
    stack: Stack, filed: Filed, playing: Playing, hotline: Hotline
) -> None:
    before = settled(stack)
    waybill = f"88{uuid.uuid4().int % 10**13:013d}"
    order_no = f"HZ{uuid.uuid4().int % 10**12:012d}"
    with playing("UC", Behaviour.PROMPT) as carrier:
        first = filed(carrier_code="UC", complainant=CALLER, item={"waybill": waybill})
        first.until("REPLIED")
        order = ORDER | {
            "order_no": order_no,
            "waybill": waybill,
            "caller": CALLER,
            "company_name": "优速快递",
            "confidential": False,
        }
        number = hotline.post("orders", order).json()["number"]
        stack.wait_until_routed(number)
        second = Life(stack, number)

        # proposed with its evidence; nobody merges on likeness alone
        case = second.case()
        assert case["status"] == "RECEIVED"
        assert [(candidate["number"], candidate["state"]) for candidate in case["duplicates"]] == [
            (first.number, "PROPOSED")
        ]
        assert set(case["duplicates"][0]["evidence"]) == {"WAYBILL", "CAUSE", "PHONE"}
        assert settled(stack) - before == {"received": 2, "accepted": 1}

        second.act("merge", into=first.number, reason="同一快件、同一诉求、同一申诉人")
        assert second.case()["merged"]["into"] == first.number
        assert settled(stack) - before == {"received": 1, "accepted": 1}
        receipt = hotline.order(order_no)
        assert (receipt["number"], receipt["handled_as"]) == (number, first.number)
        # what comes for the merged one goes to the other
        hotline.post(f"orders/{order_no}/supplement", {"message": "来电人补充：快递柜无记录。"})
        assert first.words("SUPPLEMENTED") == {"message": "来电人补充：快递柜无记录。"}

        second.act("unmerge", reason="误并，待核实")
        back = second.case()
        assert (back["status"], back["merged"]["into"]) == ("RECEIVED", None)
        assert second.deadlines()["acceptance"]["state"] == "RUNNING"
        assert settled(stack) - before == {"received": 2, "accepted": 1}
        assert hotline.order(order_no)["handled_as"] == number

        second.act("merge", into=first.number, reason="核实为同一事项")
        first.act("visit", **CONFIRMED)
        first.act("close", **closing())
        wait_for(
            lambda: True if carrier.heard.events[-1]["type"] == "case.closed" else None,
            "the carrier hears of the end",
        )
    # the order is answered under its own number, and the telephone's receipt still tells
    receipt = hotline.order(order_no)
    assert receipt["moments"]["answered_at"] is not None
    answered = [
        event
        for event in hotline.changes()
        if event["type"] == "order.answered" and order_no in event["data"]["orders"]
    ]
    assert [event["subject"] for event in answered] == [first.number]
    assert stack.get(f"/v1/complaints/{first.number}").json()["status"] == "CLOSED"
    assert stack.get(f"/v1/complaints/{number}").json()["status"] == "MERGED"
    assert [kind for kind in second.kinds() if "MERGE" in kind] == ["MERGED", "UNMERGED", "MERGED"]
    assert settled(stack) - before == {
        "received": 1,
        "accepted": 1,
        "closed": 1,
        "valid": 1,
        "satisfied_administration": 1,
        "satisfied_enterprise": 1,
    }


def test_an_order_that_names_the_earlier_case_is_merged_without_an_officer(
    stack: Stack, filed: Filed, hotline: Hotline
) -> None:
    before = settled(stack)
    caller = CALLER | {"phone": "13700137003"}
    waybill = f"88{uuid.uuid4().int % 10**13:013d}"
    first = filed(carrier_code="UC", complainant=caller, item={"waybill": waybill})
    order = ORDER | {
        "order_no": f"HZ{uuid.uuid4().int % 10**12:012d}",
        "waybill": waybill,
        "caller": caller,
        "company_name": "优速快递",
        "cites": first.number,
    }
    number = hotline.post("orders", order).json()["number"]
    merged = Life(stack, number).until("MERGED")
    assert merged["merged"]["into"] == first.number
    assert settled(stack) - before == {"received": 1, "accepted": 1}
    # named by somebody else it is only a number
    stranger = order | {
        "order_no": f"HZ{uuid.uuid4().int % 10**12:012d}",
        "caller": CALLER | {"phone": "13700137004"},
    }
    other = hotline.post("orders", stranger).json()["number"]
    stack.wait_until_routed(other)
    assert Life(stack, other).case()["status"] == "RECEIVED"
