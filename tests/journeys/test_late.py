"""A life with a bad carrier: silent beyond its deadline, escalated, replied untruthfully, sent back, answered at last."""

from datetime import timedelta

from ops.sandbox.behaviours import Behaviour
from tests.journeys.conftest import Playing
from tests.journeys.living import CONFIRMED, Filed, closing, settled
from tests.running import Stack, wait_for


def test_a_late_and_untruthful_carrier_is_escalated_and_sent_back(
    stack: Stack, filed: Filed, playing: Playing
) -> None:
    before = settled(stack)
    with playing("YD", Behaviour.LATE) as carrier:
        life = filed(carrier_code="YD")
        life.until("FORWARDED")
        assert life.case()["level"] == "L0"
        legal = life.deadlines()["total"]["due_at"]
        life.let_pass("enterprise_reply", timedelta(days=15))
        raised = wait_for(
            lambda: case if (case := life.case())["level"] == "L1" else None, "the overdue reply is escalated"
        )
        assert raised["reply_overdue"]
        assert raised["escalated_at"] is not None
        deadlines = life.deadlines()
        assert deadlines["enterprise_reply"]["state"] == "OVERDUE"
        # a level brings targets, and never a longer or shorter legal deadline
        assert (deadlines["close_target"]["rule"], deadlines["total"]["due_at"]) == ("close_target_l1", legal)
        wait_for(
            lambda: True if "case.reminder" in [event["type"] for event in carrier.heard.events] else None,
            "the carrier is reminded",
        )
        steps = stack.query(
            "SELECT e.step, e.notified_bureaus FROM escalation e JOIN complaint c ON c.id = e.complaint_id "
            "WHERE c.number = $1 AND e.key = 'enterprise_reply'",
            life.number,
        )
        assert [tuple(step) for step in steps] == [("LONG_OVERDUE", ["C330100", "P330000"])]
        warned = stack.http.get(
            f"{stack.intake}/v1/desk/escalations",
            headers=stack.as_client("desk-zhejiang") | {"X-Operator-Id": "li.na"},
        ).json()
        assert life.number in {warning["number"] for warning in warned["items"]}

        carrier.settle()
        assert (
            carrier.reply(
                life.number, responsibility_admitted=False, responsible_unit=None, responsible_link=None
            ).status_code
            == 201
        )
        case = life.until("REPLIED")
        assert case["replies"][0]["late"]
        life.act("visit", reached=True, account_matches=False, note="用户称从未接到电话")
        assert life.refused("rework", ground="ACCOUNT_DIFFERS", reason=" ")["code"] == "invalid-input"
        life.act(
            "rework", ground="ACCOUNT_DIFFERS", reason="用户否认本人签收，请提供签收底单。", untruthful=True
        )
        assert life.deadlines()["rework_reply"]["state"] == "RUNNING"
        wait_for(
            lambda: True if carrier.heard.events[-1]["type"] == "case.rework" else None,
            "the carrier hears of it",
        )
        seen = carrier.api.case(life.number).json()
        assert "请提供签收底单" in str(seen)
        assert "从未接到电话" not in str(seen)
        assert carrier.reply(life.number).status_code == 201
        life.until("REPLIED")
        # what the user said of the first reply says nothing of the second
        assert life.refused("close", **closing())["code"] == "conditions-not-met"
        life.act("visit", **CONFIRMED)
        life.act("close", **closing())
    case = life.case()
    assert [(reply["late"], reply["untruthful"]) for reply in case["replies"]] == [
        (True, True),
        (False, False),
    ]
    kinds = life.kinds()
    assert [
        kind for kind in kinds if kind in {"DEADLINE_REMINDER", "LEVEL_RAISED", "REPLIED", "REWORK", "CLOSED"}
    ] == [
        "DEADLINE_REMINDER",
        "LEVEL_RAISED",
        "REPLIED",
        "REWORK",
        "REPLIED",
        "CLOSED",
    ]
    assert settled(stack) - before == {
        "received": 1,
        "accepted": 1,
        "closed": 1,
        "valid": 1,
        "reply_overdue": 1,
        "reply_untruthful": 1,
        "satisfied_administration": 1,
        "satisfied_enterprise": 1,
    }
