"""What a client sends after its filing, over real HTTP: a supplement that lets the case go on, and a withdrawal."""

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.problems import assert_problem
from tests.running import Stack, wait_for

Filing = Callable[..., dict[str, Any]]
Send = Callable[..., httpx.Response]


@pytest.fixture
def post(stack: Stack) -> Send:
    """Return a function that posts to a complaint of the call centre."""

    def _post(
        number: str, what: str, body: Any, *, client: str = "call-centre", key: str | None = ""
    ) -> httpx.Response:
        headers = stack.as_client(client)
        if key is not None:
            headers["Idempotency-Key"] = key or uuid.uuid4().hex
        return stack.http.post(f"{stack.intake}/v1/complaints/{number}/{what}", json=body, headers=headers)

    return _post


def test_a_supplement_lets_the_machine_take_the_case_up(stack: Stack, filing: Filing, post: Send) -> None:
    number = stack.post(filing(request=None)).json()["number"]
    assert stack.wait_until_routed(number)["status"] == "RECEIVED"
    sent = post(number, "supplements", {"request": "请赔偿二百元。"}, key="once")
    assert (sent.status_code, sent.json()["number"]) == (200, number)
    again = post(number, "supplements", {"request": "请赔偿二百元。"}, key="once")
    assert (again.content, again.headers["idempotent-replayed"]) == (sent.content, "true")
    case = wait_for(
        lambda: (
            case if (case := stack.get(f"/v1/complaints/{number}").json())["status"] == "FORWARDED" else None
        ),
        "taken up and forwarded",
    )
    assert case["accepted_at"] is not None
    kinds = [event["kind"] for event in stack.get(f"/v1/complaints/{number}/explanation").json()["history"]]
    assert kinds == [
        "RECEIVED",
        "ROUTED",
        "WAITS_FOR_OFFICER",
        "SUPPLEMENTED",
        "CONDITIONS_REEVALUATED",
        "ACCEPTED",
        "FORWARDED",
    ]


def test_a_withdrawal_may_be_repeated_and_ends_the_case(stack: Stack, filing: Filing, post: Send) -> None:
    number = stack.post(filing()).json()["number"]
    first = post(number, "withdraw", {"reason": "用户来电撤回"}, key=None)
    assert first.json()["status"] == "WITHDRAWN"
    assert post(number, "withdraw", {"reason": "再次来电"}, key=None).json()["status"] == "WITHDRAWN"
    problem = assert_problem(post(number, "supplements", {"message": "x"}), 409, "case-ended")
    assert "new complaint" in problem["detail"] or "complaint of its own" in problem["detail"]


@pytest.mark.parametrize(
    ("what", "body", "key", "client", "status", "code"),
    [
        ("supplements", {"message": "x"}, None, "call-centre", 400, "request-key-missing"),
        ("supplements", {"message": 1}, "", "call-centre", 422, "invalid-input"),
        ("supplements", {"phone": "13800138000"}, "", "call-centre", 422, "invalid-input"),
        ("supplements", {}, "", "call-centre", 422, "invalid-input"),
        ("supplements", {"message": "x"}, "", "web-form", 404, "not-found"),
        ("withdraw", {}, "", "call-centre", 422, "invalid-input"),
        ("withdraw", {"reason": " "}, "", "call-centre", 422, "invalid-input"),
        ("withdraw", {"reason": "x"}, "", "web-form", 404, "not-found"),
        ("withdraw", {"reason": "x"}, "", "dashboard", 403, "forbidden"),
    ],
)
def test_what_is_refused(
    what: str,
    body: Any,
    key: str | None,
    client: str,
    status: int,
    code: str,
    stack: Stack,
    filing: Filing,
    post: Send,
) -> None:
    number = stack.post(filing()).json()["number"]
    assert_problem(post(number, what, body, key=key, client=client), status, code, canary="13800138000")
