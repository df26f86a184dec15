"""A life without trouble: filed by telephone, handed to the enterprise, answered, confirmed by the user, closed, counted."""

from ops.sandbox.behaviours import Behaviour
from ops.sandbox.traces import Way
from tests.journeys.conftest import Playing
from tests.journeys.living import CONFIRMED, Filed, closing, settled
from tests.running import Stack, wait_for


def test_a_case_is_settled(stack: Stack, filed: Filed, playing: Playing) -> None:
    before = settled(stack)
    with playing("STO", Behaviour.PROMPT, way=Way.LOCKER) as carrier:
        life = filed(carrier_code="STO", issue_detail_code="LOCKER_NO_CONSENT")
        case = life.until("REPLIED")
        carrier.settle()
        types = [event["type"] for event in carrier.heard.events]
        assert types == ["case.forwarded"]
        assert carrier.heard.unverified == 0

        # the officer sees what the enterprise says, and what its own scans say
        assert case["acknowledged_at"] is not None
        assert case["replies"][0]["facts"].startswith("经核实")
        assert not case["replies"][0]["late"]
        assert case["trace"]["proposal"]["failing_link"] == "STATION_LOCKER"
        assert case["failing_link"] is None
        assert life.refused("close", **closing())["code"] == "conditions-not-met"

        life.act("claim")
        life.act("visit", **CONFIRMED, note="用户确认已收到赔偿。")
        life.act("remedy", kind="COMPENSATION", amount_fen=20_000, paid_on="2026-11-20")
        done = life.act("close", **closing(failing_link="STATION_LOCKER"))
        assert (done["status"], done["allowed"]) == ("CLOSED", [])
        wait_for(
            lambda: True if carrier.heard.events[-1]["type"] == "case.closed" else None,
            "the carrier hears of the end",
        )
        data = carrier.heard.events[-1]["data"]
    assert (data["responsibility"], data["failing_link"], data["recovered_fen"]) == (
        "ENTERPRISE",
        "STATION_LOCKER",
        20_000,
    )
    assert "answer" not in data

    deadlines = life.deadlines()
    assert {
        key: deadlines[key]["state"]
        for key in ("total", "acceptance", "enterprise_reply", "return_visit", "claim")
    } == {
        "total": "MET",
        "acceptance": "MET",
        "enterprise_reply": "MET",
        "return_visit": "MET",
        "claim": "MET",
    }
    assert (deadlines["total"]["amount"], deadlines["total"]["unit"], deadlines["total"]["movable"]) == (
        30,
        "day",
        False,
    )
    assert deadlines["enterprise_reply"]["counted"]
    assert life.kinds() == [
        "RECEIVED",
        "ROUTED",
        "ACCEPTED",
        "FORWARDED",
        "ACKNOWLEDGED",
        "REPLIED",
        "CLAIMED",
        "VISITED",
        "REMEDY",
        "CLOSED",
    ]
    assert life.words("CLOSED") == {"answer": closing()["answer"]}
    assert life.explanation()["assignment"]["rule"] == "R4"
    assert settled(stack) - before == {
        "received": 1,
        "accepted": 1,
        "closed": 1,
        "valid": 1,
        "recovered_fen": 20_000,
        "satisfied_administration": 1,
        "satisfied_enterprise": 1,
    }
    sentence = life.case()["sentence"]["zh"]
    assert "结案" in sentence or "办结" in sentence


def test_a_finding_that_is_overturned_from_above_changes_the_figures(
    stack: Stack, filed: Filed, playing: Playing
) -> None:
    before = settled(stack)
    with playing("YZPY", Behaviour.PROMPT):
        life = filed(carrier_code="YZPY", business="POSTAL")
        life.until("REPLIED")
        life.act("visit", **(CONFIRMED | {"satisfied_enterprise": False}))
        life.act("close", **closing())
        assert settled(stack) - before == {
            "received": 1,
            "accepted": 1,
            "closed": 1,
            "valid": 1,
            "satisfied_administration": 1,
        }
        other = {"responsibility": "FORCE_MAJEURE", "reason": "台风导致停运，属不可抗力。"}
        assert life.refused("overturn", **other)["code"] == "not-your-case"
        life.act("overturn", client="desk-zhejiang", operator="chen.jie", **other)
    case = life.case()
    assert (case["responsibility"], case["overturned"]) == ("FORCE_MAJEURE", True)
    assert [
        (review["responsibility_before"], review["responsibility_after"]) for review in case["reviews"]
    ] == [("ENTERPRISE", "FORCE_MAJEURE")]
    assert settled(stack) - before == {"received": 1, "accepted": 1, "closed": 1}
