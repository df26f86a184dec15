"""The sandbox plays every kind of carrier against the real platform, and each of its cases ends where it should."""

import base64
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from ops.sandbox.api import CarrierApi
from ops.sandbox.behaviours import Behaviour
from ops.sandbox.carrier import Sandbox
from ops.sandbox.signing import Signed
from ops.sandbox.traces import Way
from services.access import signing_keys
from shared import clock, serialisation
from tests.ops.sandbox.conftest import CARRIER
from tests.running import Stack, wait_for

Case = Callable[[str], dict[str, Any]]
Make = Callable[..., str]
SECRET, OTHER = (f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}" for _ in range(2))
REPLIES = (
    "SELECT r.complete FROM reply r JOIN complaint c ON c.bucket = r.bucket AND c.id = r.complaint_id "
    "WHERE c.number = $1 ORDER BY r.seq"
)


@pytest.fixture
def play(api: CarrierApi) -> Iterator[Callable[..., Sandbox]]:
    """Return a function that begins to play; what was told before does not concern it."""
    playing: list[Sandbox] = []

    def _play(behaviour: str, **how: Any) -> Sandbox:
        sandbox = Sandbox(how.pop("api", api), behaviour=Behaviour(behaviour), **how)
        while (page := sandbox.api.feed(sandbox.cursor).json())["items"]:
            sandbox.cursor = page["next"]
        playing.append(sandbox.__enter__())
        return sandbox

    yield _play
    for sandbox in playing:
        sandbox.__exit__(None, None, None)


def _hear(sandbox: Sandbox, kind: str, number: str) -> None:
    """Read the feed until it has told of this."""

    def _told() -> bool | None:
        sandbox.poll()
        return (
            any(event["type"] == kind and event["subject"] == number for event in sandbox.heard.events)
            or None
        )

    wait_for(_told, f"{kind} of {number}")
    sandbox.settle()


@pytest.mark.parametrize(
    ("behaviour", "status", "replies", "answers"),
    [
        ("prompt", "REPLIED", [True], [201]),
        ("twice", "REPLIED", [True], [201, 201]),
        ("never", "FORWARDED", [], []),
        ("late", "FORWARDED", [], []),
        ("untruthful", "REPLIED", [True], [201]),
        ("out-of-order", "REPLIED", [True], [201]),
    ],
)
def test_each_kind_of_carrier_leaves_the_case_where_it_should(
    behaviour: str,
    status: str,
    replies: list[bool],
    answers: list[int],
    play: Callable[..., Sandbox],
    forwarded: Make,
    case_of: Case,
    stack: Stack,
) -> None:
    sandbox = play(behaviour)
    number = forwarded()
    _hear(sandbox, "case.forwarded", number)
    assert case_of(number)["status"] == status
    assert [row[0] for row in stack.query(REPLIES, number)] == replies
    assert [code for what, code, _ in sandbox.heard.answers if what.startswith("reply")] == answers


def test_an_incomplete_reply_is_completed_after_its_notification(
    play: Callable[..., Sandbox], forwarded: Make, case_of: Case, stack: Stack
) -> None:
    sandbox = play("incomplete")
    number = forwarded()
    _hear(sandbox, "case.forwarded", number)
    assert case_of(number)["status"] == "FORWARDED"
    _hear(sandbox, "case.reply_incomplete", number)
    assert case_of(number)["status"] == "REPLIED"
    assert [row[0] for row in stack.query(REPLIES, number)] == [False, True]
    first, second = (body for what, _, body in sandbox.heard.answers if what.startswith("reply"))
    assert (first["missing"], second["missing"]) == (
        ["responsible_unit", "responsible_link", "contact_log"],
        [],
    )


def test_a_late_carrier_replies_on_command(
    play: Callable[..., Sandbox], forwarded: Make, case_of: Case
) -> None:
    sandbox = play("late")
    number = forwarded()
    _hear(sandbox, "case.forwarded", number)
    command = {"do": "reply", "number": number, "reply": {"facts": None}}
    answer = httpx.post(sandbox.control_url, json=command, trust_env=False).json()
    assert (answer["status"], answer["body"]["missing"]) == (200, ["facts"])
    answer = httpx.post(sandbox.control_url, json={"do": "reply", "number": number}, trust_env=False).json()
    assert (answer["status"], case_of(number)["status"]) == (201, "REPLIED")


def test_an_untrue_reply_is_sent_back_and_answered_truly(
    play: Callable[..., Sandbox],
    forwarded: Make,
    case_of: Case,
    send_back: Callable[[str], None],
    api: CarrierApi,
) -> None:
    sandbox = play("untruthful")
    number = forwarded()
    _hear(sandbox, "case.forwarded", number)
    send_back(number)
    assert case_of(number)["status"] == "REWORK"
    _hear(sandbox, "case.rework", number)
    assert (case_of(number)["status"], case_of(number)["reply_untruthful"]) == ("REPLIED", True)
    replies = api.replies(number).json()["replies"]
    assert [(reply["responsibility_admitted"], reply["untruthful"]) for reply in replies] == [
        (False, True),
        (True, False),
    ]


def test_scans_that_come_mixed_end_like_those_in_order(
    play: Callable[..., Sandbox], forwarded: Make, stack: Stack
) -> None:
    traces = []
    for behaviour in ("out-of-order", "prompt"):
        sandbox = play(behaviour, way=Way.LOCKER)
        number = forwarded()
        _hear(sandbox, "case.forwarded", number)
        [trace] = stack.query(
            "SELECT t.state, t.events, t.regions::text FROM trace t JOIN complaint_party p USING (waybill_index) "
            "JOIN complaint c ON c.bucket = p.bucket AND c.id = p.complaint_id WHERE c.number = $1",
            number,
        )
        traces.append(tuple(trace))
    assert traces[0] == traces[1]
    assert traces[0][:2] == ("IN_LOCKER_OR_STATION", 9)


def _webhook(event: dict[str, Any], secret: str) -> tuple[dict[str, str], bytes]:
    body = serialisation.to_bytes(event)
    now = clock.now()
    signature = Webhook(secret).sign(event["id"], now, body.decode())
    headers = {
        "webhook-id": event["id"],
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    return headers, body


def test_a_webhook_is_verified_and_worked_once(
    play: Callable[..., Sandbox], forwarded: Make, case_of: Case
) -> None:
    sandbox = play("prompt", secrets=[SECRET, OTHER])
    number = forwarded()
    event = {"id": f"{number}:x:1", "type": "case.forwarded", "subject": number, "data": {}}
    headers, body = _webhook(event, SECRET)
    spoiled = [
        (headers, body.replace(b"forwarded", b"forwardex")),
        ({**headers, "webhook-id": "other"}, body),
        ({**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 600)}, body),
        ({}, body),
        _webhook(event, f"whsec_{base64.b64encode(b'x' * 32).decode()}"),
    ]
    with httpx.Client(trust_env=False) as http:
        for wrong, content in spoiled:
            assert http.post(sandbox.url, headers=wrong, content=content).status_code == 401
        assert case_of(number)["status"] == "FORWARDED"
        assert [http.post(sandbox.url, headers=headers, content=body).status_code for _ in range(3)] == [
            204
        ] * 3
        # signed by the secret that takes the place of the first
        headers, body = _webhook({**event, "id": f"{number}:x:2", "type": "case.reminder"}, OTHER)
        assert http.post(sandbox.url, headers=headers, content=body).status_code == 204
    sandbox.settle()
    assert case_of(number)["status"] == "REPLIED"
    assert (len(sandbox.heard.events), sandbox.heard.repeated, sandbox.heard.unverified) == (2, 2, 5)


def test_a_receiver_that_says_no_has_not_heard(play: Callable[..., Sandbox], forwarded: Make) -> None:
    sandbox = play("prompt", secrets=[SECRET])
    number = forwarded()
    headers, body = _webhook({"id": "1", "type": "case.forwarded", "subject": number, "data": {}}, SECRET)
    with httpx.Client(trust_env=False) as http:
        http.post(sandbox.control_url, json={"status": 503})
        assert http.post(sandbox.url, headers=headers, content=body).status_code == 503
        assert http.get(sandbox.control_url).json()["events"] == []
        assert http.post(sandbox.control_url, json={"behaviour": "kind"}).status_code == 400
        assert http.post(sandbox.control_url, json={"do": "dance"}).status_code == 400
        assert http.get(f"{sandbox.url}/nowhere").status_code == 404


def test_a_carrier_that_signs_needs_no_api_key(
    play: Callable[..., Sandbox], forwarded: Make, case_of: Case, stack: Stack
) -> None:
    name = f"signs-{secrets.token_hex(8)}"
    stack.new_client("carrier", "carrier:exchange", carrier_code=CARRIER, name=name)
    new = stack.use_keys(
        lambda db, ring: signing_keys.add(db, name, algorithm="hmac-sha256", ring=ring, actor="tests")
    )
    with CarrierApi(stack.intake, Signed.with_secret(new.key_id, new.secret or "")) as signing:
        sandbox = play("prompt", api=signing, way=Way.CLEAN)
        number = forwarded()
        _hear(sandbox, "case.forwarded", number)
        assert {code for _, code, _ in sandbox.heard.answers} == {200, 201}
        assert case_of(number)["status"] == "REPLIED"


def test_the_platform_tells_the_sandbox_by_itself(
    play: Callable[..., Sandbox], forwarded: Make, case_of: Case, stack: Stack
) -> None:
    sandbox = play("incomplete")
    with stack.registered(f"carrier:{CARRIER}", sandbox.url) as secret:
        sandbox.secrets.append(secret)
        number = forwarded()
        wait_for(lambda: case_of(number)["status"] == "REPLIED" or None, "the sandbox replied")
        sandbox.settle()
    assert [event["type"] for event in sandbox.heard.events] == ["case.forwarded", "case.reply_incomplete"]
    # what was heard by webhook is not worked again when the feed tells it
    assert sandbox.poll() == 2
    assert (len(sandbox.heard.events), sandbox.heard.repeated, sandbox.heard.unverified) == (2, 2, 0)
