"""A life in dispute: the enterprise finds itself without fault, the user does not agree, mediation is tried and fails."""

from ops.sandbox.behaviours import Behaviour
from tests.journeys.conftest import Playing
from tests.journeys.living import CONFIRMED, CONSENT, Filed, closing, settled
from tests.running import Stack, wait_for


def test_a_mediation_fails_and_the_way_to_court_is_shown(
    stack: Stack, filed: Filed, playing: Playing
) -> None:
    before = settled(stack)
    with playing("JTSD", Behaviour.LATE) as carrier:
        life = filed(carrier_code="JTSD", issue_code="DAMAGE", requested_fen=300_000)
        life.until("FORWARDED")
        carrier.settle()
        sent = carrier.reply(
            life.number,
            responsibility_admitted=False,
            responsible_unit=None,
            responsible_link=None,
            facts="内件易碎，包装由寄件人自备。",
            action="已向用户说明。",
        )
        assert sent.status_code == 201
        life.until("REPLIED")
        life.act("visit", **(CONFIRMED | {"account_matches": False, "satisfied_enterprise": False}))
        # what the user does not confirm cannot be closed as settled
        problem = life.refused("close", **closing(responsibility="NONE", responsible_unit=None))
        assert [fault["pointer"] for fault in problem["errors"]] == ["/visits"]

        life.act("mediate", user_consent=CONSENT, enterprise_consent=CONSENT)
        assert life.deadlines()["mediation"]["state"] == "RUNNING"
        life.act("propose", opinion="建议企业按保价比例赔偿五百元。")
        assert life.deadlines()["mediation_answer"]["amount"] == 3
        wait_for(
            lambda: True if carrier.heard.events[-1]["type"] == "case.mediation_proposed" else None,
            "the carrier hears of the opinion",
        )
        opinion = carrier.api.case(life.number).json()
        assert "建议企业按保价比例赔偿五百元。" in str(opinion)
        life.act("answer", party="ENTERPRISE", accepts=True)
        outstanding = {
            "close_reason": "MEDIATION_FAILED",
            "responsibility": "UNDETERMINED",
            "answer": "调解不成，您可以依法提起诉讼或申请仲裁。",
        }
        assert life.refused("conclude", **outstanding)["code"] == "conditions-not-met"
        life.act("answer", party="USER", accepts=False, note="金额过低")
        life.act("conclude", **outstanding)
    case = life.case()
    assert (case["status"], case["close_reason"], case["responsibility"]) == (
        "CLOSED",
        "MEDIATION_FAILED",
        "UNDETERMINED",
    )
    assert life.kinds()[-7:] == [
        "CLAIMED",
        "VISITED",
        "MEDIATING",
        "MEDIATION_PROPOSED",
        "OPINION_ANSWERED",
        "OPINION_ANSWERED",
        "CLOSED",
    ]
    assert {deadline["state"] for deadline in life.deadlines().values()} <= {"MET", "MOOT"}
    assert settled(stack) - before == {"received": 1, "accepted": 1, "closed": 1}
    assert life.explanation()["admission"]["passed"]
