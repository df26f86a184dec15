"""A life that seemed over: refused for what was missing, reopened by a supervisor, taken up, answered and closed."""

from ops.sandbox.behaviours import Behaviour
from tests.journeys.conftest import Playing
from tests.journeys.living import CONFIRMED, Filed, closing, settled
from tests.running import Stack


def test_a_refusal_that_does_not_hold_is_undone(stack: Stack, filed: Filed, playing: Playing) -> None:
    before = settled(stack)
    with playing("YTO", Behaviour.INCOMPLETE) as carrier:
        life = filed(carrier_code="YTO", enterprise_complaint={"outcome": "NOT_COMPLAINED"})
        case = life.case()
        assert case["status"] == "RECEIVED"
        assert case["admission"]["proposed_ground"] == "NOT_COMPLAINED_TO_ENTERPRISE"
        refusal = {
            "ground": "NOT_COMPLAINED_TO_ENTERPRISE",
            "legal_basis": "邮政业用户申诉处理办法 art. 9(2)",
            "reason": "请先向快递企业投诉，七日未处理或不满意的再行申诉。",
            "informed_by": "PHONE",
        }
        assert life.refused("refuse", **(refusal | {"legal_basis": " "}))["code"] == "invalid-input"
        life.act("refuse", **refusal)
        assert {deadline["state"] for deadline in life.deadlines().values()} <= {"MET", "MOOT"}
        assert "不予受理" in life.case()["sentence"]["zh"]
        assert settled(stack) - before == {"received": 1}

        # an officer may not, a supervisor may, with a reason
        assert life.refused("reopen", reason="用户已提供投诉记录")["code"] == "illegal-move"
        life.act("reopen", operator="chen.jie", reason="用户已提供投诉记录")
        deadlines = life.deadlines()
        assert (deadlines["total"]["round"], deadlines["total"]["state"]) == (2, "RUNNING")
        # reopened or not, the statute counts from the receipt
        assert deadlines["total"]["started_at"] == life.case()["received_at"]

        proof = {"outcome": "DISSATISFIED", "complained_on": "2026-11-01"}
        life.act("supplement", operator="chen.jie", enterprise_complaint=proof, message="附投诉记录")
        # what now passes every check the machine takes up and hands on; the carrier's first reply is not whole
        case = life.until("REPLIED")
        carrier.settle()
        assert [reply["complete"] for reply in case["replies"]] == [False, True]
        assert "case.reply_incomplete" in [event["type"] for event in carrier.heard.events]
        life.act("visit", operator="chen.jie", **CONFIRMED)
        life.act(
            "close",
            operator="chen.jie",
            **closing(close_reason="NO_FAULT_EXPLAINED", responsibility="NONE", responsible_unit=None),
        )
    kinds = life.kinds()
    turns = {"REFUSED", "REOPENED", "ACCEPTED", "REPLY_INCOMPLETE", "REPLIED", "CLOSED"}
    assert [kind for kind in kinds if kind in turns] == [
        "REFUSED",
        "REOPENED",
        "ACCEPTED",
        "REPLY_INCOMPLETE",
        "REPLIED",
        "CLOSED",
    ]
    assert settled(stack) - before == {"received": 1, "accepted": 1, "closed": 1}
    checks = {check["rule"]: check["outcome"] for check in life.explanation()["admission"]["checks"]}
    assert checks["A4"] == "passed"
