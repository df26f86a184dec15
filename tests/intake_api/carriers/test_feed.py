"""Carriers over real HTTP: their feed, one case unmasked, acknowledgements; and nobody else's."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.intake_api.carrying import Carrier, forward
from tests.problems import assert_problem
from tests.running import Stack

Filing = Callable[..., dict[str, Any]]
Forwarded = Callable[..., str]
Act = Callable[..., Any]
PERSONS: dict[str, Any] = {
    "complainant": {
        "name": "王小明",
        "phone": "13800138000",
        "role": "ADDRESSEE",
        "address": "文三路9号",
        "identity_card": "33010619851126753X",
    },
    "addressee": {"name": "王小明", "phone": "13800138000", "region_code": "330106", "address": "文三路1号"},
    "sender": {"name": "李四", "phone": "13900139000", "address": "福田区2号"},
    "item": {"waybill": "75998877665503"},
}


@pytest.fixture
def forwarded(stack: Stack, filing: Filing) -> Forwarded:
    """Return a function that files a complaint and waits until its enterprise has it; returns its number."""
    return lambda **changes: forward(stack, filing(**changes))


@pytest.fixture
def zto(stack: Stack) -> Carrier:
    """Return the carrier that complaints are about where nothing else is said."""
    return Carrier(stack, "carrier-zto")


@pytest.fixture
def yto(stack: Stack) -> Carrier:
    """Return another carrier."""
    return Carrier(stack, "carrier-yto")


@pytest.fixture
def act(stack: Stack) -> Act:
    """Return a function that performs a verb of Hangzhou's desk on the present version of a case."""

    def _act(number: str, verb: str, **form: Any) -> dict[str, Any]:
        version = stack.get(f"/v1/complaints/{number}").json()["version"]
        headers = stack.as_client("desk-hangzhou") | {"X-Operator-Id": "chen.jie", "If-Match": f'"{version}"'}
        answer = stack.http.post(f"{stack.intake}/v1/desk/cases/{number}/{verb}", json=form, headers=headers)
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page

    return _act


def test_the_feed_tells_each_thing_once_and_goes_on_for_ever(
    forwarded: Forwarded, zto: Carrier, act: Act
) -> None:
    _, end = zto.pull()
    first, second = forwarded(), forwarded()
    act(first, "follow-up", message="请今日内联系用户。")
    pulled, after = zto.pull(end, limit=1)
    events = [event for event in pulled if event["subject"] in {first, second}]
    assert [(event["subject"], event["type"]) for event in events] == [
        (first, "case.forwarded"),
        (second, "case.forwarded"),
        (first, "case.follow_up"),
    ]
    assert {event["specversion"] for event in events} == {"1.0"}
    assert events[0]["data"]["reply_due_at"] > events[0]["time"]
    # what an officer wrote is read with the case: no word of it lies in the feed
    assert "请今日内" not in str(events)
    again, _ = zto.pull(end, limit=500)
    assert again[: len(pulled)] == pulled
    assert not {event["id"] for event in zto.pull(after)[0]} & {event["id"] for event in pulled}


def test_a_carrier_gets_messages_of_its_own_cases_only(
    stack: Stack, forwarded: Forwarded, zto: Carrier, yto: Carrier
) -> None:
    number = forwarded()
    theirs, _ = yto.pull()
    assert number not in {event["subject"] for event in theirs}
    assert_problem(yto.get(f"/cases/{number}"), 404)
    assert_problem(Carrier(stack, "call-centre").get(f"/cases/{number}"), 403)
    # a cursor of another's feed opens nothing
    _, ours = zto.pull()
    assert_problem(yto.get("/cases", after=ours), 422, "invalid-cursor")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "bm8",
        "W10=x",
        "WzEsMiwzXQ==",
        "WzY0LCIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAiLDFd",
        "è",
        "e30=",
    ],
)
def test_a_cursor_that_is_none_is_refused(cursor: str, zto: Carrier) -> None:
    problem = assert_problem(zto.get("/cases", after=cursor), 422, "invalid-cursor")
    assert problem["errors"][0]["pointer"] == "/query/after"


def test_a_case_that_was_not_forwarded_yet_does_not_exist(stack: Stack, zto: Carrier, filing: Filing) -> None:
    number = stack.post(filing(request=None)).json()["number"]
    stack.wait_until_routed(number)
    assert_problem(zto.get(f"/cases/{number}"), 404)


def test_one_case_shows_what_is_needed_to_act_and_nothing_of_the_desk(
    forwarded: Forwarded, zto: Carrier, act: Act, stack: Stack
) -> None:
    number = forwarded(**PERSONS, urgency=["DEPUTY"])
    act(number, "note", note="内部备注")
    act(number, "follow-up", message="请今日内联系用户。", answer_by="2030-01-01T09:00:00+08:00")
    answer = zto.get(f"/cases/{number}")
    case = answer.json()
    assert (case["status"], case["waybill"]) == ("FORWARDED", "75998877665503")
    assert case["persons"] == {
        "complainant": {"name": "王小明", "phone": "+8613800138000"},
        "addressee": {"name": "王小明", "phone": "+8613800138000", "address": "文三路1号"},
        "sender": {"name": "李四", "phone": "+8613900139000", "address": "福田区2号"},
    }
    assert (case["cause"], case["request"]) == ("快件显示已签收，本人并未收到。", "请企业赔偿并道歉。")
    assert {limit["key"]: limit["state"] for limit in case["deadlines"]} == {
        "enterprise_reply": "RUNNING",
        "total": "RUNNING",
    }
    assert [(event["type"], event["text"]) for event in case["messages"]] == [
        ("case.forwarded", None),
        ("case.follow_up", "请今日内联系用户。"),
    ]
    for internal in (
        "内部备注",
        "chen.jie",
        "DEPUTY",
        "33010619851126753X",
        "文三路9号",
        "claimed",
        "C330100",
    ):
        assert internal not in answer.text
    [audited] = stack.query(
        "SELECT actor, act, data FROM audit_entry WHERE subject = $1 AND act LIKE 'carrier.%'", number
    )
    assert tuple(audited)[:2] == ("carrier:ZTO", "carrier.read")
    assert "王小明" not in str(audited)


def test_of_a_confidential_case_no_person_is_shown(forwarded: Forwarded, zto: Carrier, stack: Stack) -> None:
    number = forwarded(**PERSONS | {"item": {"waybill": "75998877665502"}})
    stack.query("UPDATE complaint SET confidential = true WHERE number = $1 RETURNING id", number)
    case = zto.get(f"/cases/{number}").json()
    assert (case["persons"], case["role"], case["confidential"]) == ({}, None, True)
    assert case["waybill"] == "75998877665502"


def test_an_acknowledgement_is_noted_once(
    forwarded: Forwarded, zto: Carrier, yto: Carrier, act: Act, stack: Stack
) -> None:
    number = forwarded()
    first = zto.post(f"/cases/{number}/acknowledge")
    assert first.status_code == 200, first.text
    assert first.json()["acknowledged_at"] is not None
    assert zto.post(f"/cases/{number}/acknowledge").json() == first.json()
    assert zto.get(f"/cases/{number}").json()["acknowledged_at"] == first.json()["acknowledged_at"]
    events = stack.query(
        "SELECT e.actor, e.by FROM case_event e JOIN complaint c ON c.bucket = e.bucket AND c.id = e.complaint_id "
        "WHERE c.number = $1 AND e.kind = 'ACKNOWLEDGED'",
        number,
    )
    assert [tuple(event) for event in events] == [("ENTERPRISE", "carrier:ZTO")]
    assert_problem(yto.post(f"/cases/{number}/acknowledge"), 404)
    act(number, "withdraw", reason="用户撤回")
    assert (
        zto.post(f"/cases/{number}/acknowledge").json()["acknowledged_at"] == first.json()["acknowledged_at"]
    )


def test_a_case_that_ended_unacknowledged_needs_no_acknowledgement(
    forwarded: Forwarded, zto: Carrier, act: Act
) -> None:
    number = forwarded()
    act(number, "withdraw", reason="用户撤回")
    problem = assert_problem(zto.post(f"/cases/{number}/acknowledge"), 409, "case-ended")
    assert problem["case_status"] == "WITHDRAWN"
