"""A life that began at 12345: an order in, signed, answered in the meantime, answered for good, and the caller is asked."""

import uuid
from typing import Any

from ops.sandbox.behaviours import Behaviour
from ops.sandbox.carrier import Sandbox
from tests.journeys.conftest import Hotline, Playing
from tests.journeys.living import CONFIRMED, Life, closing, settled
from tests.running import Stack, wait_for

ORDER: dict[str, Any] = {
    "kind": "COMPLAIN",
    "title": "请求赔偿",
    "content": "快件显示已签收，本人并未收到，请求赔偿。",
    "caller": {"name": "赵敏", "phone": "13700137001", "role": "ADDRESSEE"},
    "company_name": "百世快递",
    "issue_code": "DELIVERY_SERVICE",
    "place": {"region_code": "330106"},
    "enterprise_complaint": {"outcome": "DISSATISFIED"},
    "confidential": True,
}


def test_an_order_of_12345_end_to_end(stack: Stack, playing: Playing, hotline: Hotline) -> None:
    before = settled(stack)
    order_no = f"HZ{uuid.uuid4().int % 10**12:012d}"
    order = ORDER | {"order_no": order_no, "waybill": f"55{uuid.uuid4().int % 10**11:011d}"}
    with playing("HTKY", Behaviour.LATE) as carrier:
        taken = hotline.post("orders", order)
        assert taken.status_code == 201, taken.text
        assert hotline.post("orders", order).headers["idempotent-replayed"] == "true"
        assert hotline.post("orders", order | {"title": "另一诉求"}).status_code == 422
        life = Life(stack, taken.json()["number"])
        life.until("FORWARDED")
        receipt = hotline.order(order_no)
        assert receipt["moments"]["signed_at"] is not None
        assert receipt["persons"]["complainant"]["name"] == "***"
        # a confidential caller is not shown to the enterprise either
        assert "赵敏" not in carrier.api.case(life.number).text
        assert "13700137001" not in carrier.api.case(life.number).text

        _answered_in_the_meantime(stack, life, hotline, order_no)
        hotline.post(f"orders/{order_no}/urge", {"note": "来电人再次催办"})
        hotline.post(f"orders/{order_no}/supervise", {})
        assert life.case()["level"] == "L2"
        carrier.settle()
        assert carrier.reply(life.number, compensation_fen=30_000, paid_on="2026-11-20").status_code == 201
        life.until("REPLIED")
        life.act("visit", **(CONFIRMED | {"satisfied_enterprise": False}))
        life.act("remedy", kind="REFUND", amount_fen=30_000)
        life.act("close", **closing())
        _done_again_once(life, carrier, hotline, order_no)

    pulled = [event for event in hotline.changes() if order_no in event["data"].get("orders", [])]
    assert [event["type"] for event in pulled] == [
        "order.accepted",
        "order.signed",
        "order.handling",
        "order.interim_answer",
        "order.handling",
        "order.answered",
        "order.handling",
        "order.handling",
        "order.answered",
        "order.redo_refused",
    ]
    answers = [event["data"]["texts"]["answer"] for event in pulled if event["type"] == "order.answered"]
    assert answers == [closing()["answer"], "企业已补发书面致歉。"]
    assert life.deadlines()["total"]["state"] == "MET"
    assert settled(stack) - before == {
        "received": 1,
        "accepted": 1,
        "closed": 1,
        "valid": 1,
        "recovered_fen": 30_000,
        "satisfied_administration": 1,
        "satisfied_enterprise": 1,
    }


def _answered_in_the_meantime(stack: Stack, life: Life, hotline: Hotline, order_no: str) -> None:
    """Check that the hotline, whose deadline is shorter than the law, is told in time how the case stands."""
    deadlines = life.deadlines()
    assert (deadlines["hotline_answer"]["amount"], deadlines["hotline_answer"]["unit"]) == (15, "workday")
    assert deadlines["hotline_answer"]["due_at"] < deadlines["total"]["due_at"]
    stack.query(
        "UPDATE hotline_order SET interim_due_at = clock_timestamp() WHERE order_no = $1 RETURNING 1",
        order_no,
    )
    wait_for(lambda: hotline.order(order_no)["moments"]["interim_at"], "the interim answer")
    assert life.case()["status"] == "FORWARDED"
    assert life.deadlines()["total"]["state"] == "RUNNING"
    assert life.deadlines()["hotline_answer"]["state"] == "MET"


def _done_again_once(life: Life, carrier: Sandbox, hotline: Hotline, order_no: str) -> None:
    """Have the enterprise answer once more, as the caller is not content; after that the answer stands."""
    again = hotline.post(f"orders/{order_no}/redo", {"reason": "未收到书面致歉"})
    assert (again.status_code, again.json()["status"]) == (200, "REWORK")
    assert carrier.reply(life.number).status_code == 201
    life.until("REPLIED")
    life.act("visit", **CONFIRMED)
    life.act("close", **closing(answer="企业已补发书面致歉。"))
    refused = hotline.post(f"orders/{order_no}/redo", {"reason": "仍不满意"})
    assert (refused.status_code, refused.json()["code"]) == (409, "redo-refused")
    visit = {"result": "SATISFIED", "enterprise": "SATISFIED", "solved": True}
    assert hotline.post(f"orders/{order_no}/visit", visit).status_code == 200
    finished = hotline.post(f"orders/{order_no}/finish", {})
    assert finished.status_code == 200
    assert hotline.order(order_no)["state"] == finished.json()["state"]
