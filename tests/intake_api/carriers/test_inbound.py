"""Replies and scans by REST: what a carrier is answered, and who is not a carrier."""

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from shared import serialisation
from tests.problems import assert_problem
from tests.running import Stack, wait_for

Make = Callable[..., tuple[str, str]]
JSON, NDJSON = "application/json", "application/x-ndjson"
REPLY = {
    "reply_ref": "r1",
    "responsibility_admitted": False,
    "facts": "快件由本人签收。",
    "action": "已解释。",
    "contact_log": "已电话联系。",
}


@pytest.fixture
def forwarded(stack: Stack, filing: Callable[..., dict[str, Any]]) -> Make:
    """Return a function that files a complaint against ZTO and waits for its forwarding; returns number and waybill."""

    def _forwarded() -> tuple[str, str]:
        waybill = f"75{uuid.uuid4().int % 10**12:012d}"
        number: str = stack.post(filing(item={"waybill": waybill})).json()["number"]
        wait_for(lambda: stack.get(f"/v1/complaints/{number}").json()["forwarded_at"], f"{number} forwarded")
        return number, waybill

    return _forwarded


@pytest.fixture
def post(stack: Stack) -> Callable[..., httpx.Response]:
    """Return a function that posts to the carrier's interface, as ZTO unless it is told otherwise."""

    def _post(
        path: str, body: Any, *, client: str = "carrier-zto", content_type: str = JSON
    ) -> httpx.Response:
        content = body if isinstance(body, bytes) else serialisation.to_bytes(body)
        headers = stack.as_client(client) | {"content-type": content_type}
        return stack.http.post(f"{stack.intake}/v1/carrier{path}", content=content, headers=headers)

    return _post


def _scan(waybill: str, event_id: str = "1", code: str = "204", **more: Any) -> dict[str, Any]:
    plain = {"event_id": event_id, "waybill": waybill, "system": "KDNIAO", "code": code}
    return plain | {"occurred_at": "2026-01-05T10:00:00+08:00"} | more


def test_a_reply_is_answered_and_can_be_read(
    stack: Stack, forwarded: Make, post: Callable[..., httpx.Response]
) -> None:
    number, _ = forwarded()
    path = f"/cases/{number}/replies"
    incomplete = post(path, {"reply_ref": "r0", "facts": "核实中"})
    assert (incomplete.status_code, incomplete.json()["missing"]) == (
        200,
        ["responsibility_admitted", "action", "contact_log"],
    )
    complete = post(path, REPLY)
    assert (complete.status_code, complete.json()["complete"]) == (201, True)
    again = post(path, REPLY)
    assert (again.status_code, again.content) == (201, complete.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in complete.headers
    assert_problem(post(path, REPLY | {"facts": "别的"}), 422, "reply-ref-reused", canary="别的")
    refused = assert_problem(post(path, REPLY | {"reply_ref": "r2"}), 409, "illegal-move")
    assert refused["case_status"] == "REPLIED"
    read = stack.get(f"/v1/carrier{path}", client="carrier-zto").json()["replies"]
    assert [(reply["reply_ref"], reply["complete"], reply["facts"]) for reply in read] == [
        ("r0", False, "核实中"),
        ("r1", True, "快件由本人签收。"),
    ]
    assert stack.get(f"/v1/complaints/{number}").json()["status"] == "REPLIED"


def test_a_case_is_its_carriers_and_nobody_elses(
    stack: Stack, forwarded: Make, post: Callable[..., httpx.Response]
) -> None:
    number, waybill = forwarded()
    path = f"/cases/{number}/replies"
    assert_problem(post(path, REPLY, client="carrier-yto"), 404)
    assert_problem(stack.get(f"/v1/carrier{path}", client="carrier-yto"), 404)
    assert_problem(post("/tracking", _scan(waybill), client="carrier-yto"), 404, "no-case")
    assert_problem(post("/cases/12345678901234567/replies", REPLY), 404)
    for client in ("call-centre", "desk-hangzhou"):
        assert_problem(post(path, REPLY, client=client), 403, "forbidden")
        assert_problem(post("/tracking", _scan(waybill), client=client), 403, "forbidden")
    assert stack.get(f"/v1/complaints/{number}").json()["status"] == "FORWARDED"


@pytest.mark.parametrize(
    "number",
    [
        "%00",
        "2026112400000001%00",
        "%ff%fe",
        "２０２６１１２４００００００１７１",
        "%F0%9F%93%A6",
        "'%3B--",
        "9" * 400,
        "-1",
        "%20",
    ],
)
def test_a_number_that_is_none_is_not_found(
    number: str, post: Callable[..., httpx.Response], stack: Stack
) -> None:
    for path, body in (("replies", REPLY), ("acknowledge", b""), ("evidence", b"%PDF-1.4")):
        assert_problem(post(f"/cases/{number}/{path}", body), 404, "not-found")
    for path in ("", "/replies", "/evidence", f"/evidence/{uuid.uuid4()}"):
        answer = stack.get(f"/v1/carrier/cases/{number}{path}", client="carrier-zto")
        assert_problem(answer, 404, "not-found")


@pytest.mark.parametrize(
    "number", ["\x00", "2026112400000001\x00", "２０２６１１２４００００００１７１", "9" * 400, "-1"]
)
def test_a_scan_by_a_number_that_is_none_is_no_fault_of_ours(
    number: str, post: Callable[..., httpx.Response]
) -> None:
    scan = _scan("", number=number)
    scan.pop("waybill")
    single, batch = post("/tracking", scan), post("/tracking", [scan])
    problem = assert_problem(single, single.status_code)
    assert (batch.status_code, batch.json()["results"][0]["problem"]["code"]) == (200, problem["code"])
    assert problem["code"] in {"no-case", "invalid-input"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"reply_ref": "has blanks"}, "/reply_ref"),
        ({"responsible_link": "MOON"}, "/responsible_link"),
        ({"compensation_fen": -1}, "/compensation_fen"),
        ({"compensation_fen": "5"}, "/compensation_fen"),
        ({"paid_on": "5 January"}, "/paid_on"),
        ({"facts": "x" * 5001}, "/facts"),
        ({"attachments": ["x"]}, "/attachments/0"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_bad_reply_is_refused_with_pointers(
    changes: dict[str, Any], pointer: str, forwarded: Make, post: Callable[..., httpx.Response]
) -> None:
    number, _ = forwarded()
    problem = assert_problem(post(f"/cases/{number}/replies", REPLY | changes), 422, "invalid-input")
    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]


def test_one_scan_is_answered_by_its_own_status(forwarded: Make, post: Callable[..., httpx.Response]) -> None:
    _, waybill = forwarded()
    assert post("/tracking", _scan(waybill)).json() == {"row": 0, "status": 201, "state": "AT_SORTING"}
    again = post("/tracking", _scan(waybill))
    assert (again.status_code, again.json()["status"]) == (200, 200)
    odd = post("/tracking", _scan(waybill, "2", "777", region_code="987654"))
    assert (odd.status_code, odd.json()["notices"]) == (201, ["unknown-code", "unknown-region"])
    assert_problem(post("/tracking", _scan("75000000000000")), 404, "no-case", canary="75000000000000")
    assert_problem(post("/tracking", _scan(waybill, code="205")), 422, "event-id-reused")
    assert_problem(post("/tracking", {"event_id": "1"}), 422, "invalid-input")
    assert_problem(post("/tracking", b"{"), 400, "malformed-body")


def test_a_batch_is_answered_row_by_row(forwarded: Make, post: Callable[..., httpx.Response]) -> None:
    number, waybill = forwarded()
    by_number = _scan("", "4", "301", number=number)
    by_number.pop("waybill")
    rows = [
        _scan(waybill),
        _scan(waybill),
        _scan(waybill, "2", "?"),
        _scan("75000000000000"),
        by_number,
        _scan(waybill, "3", "x1"),
    ]
    for body, content_type, first in (
        (rows, JSON, 201),
        (b"\n".join(map(serialisation.to_bytes, rows)) + b"\n", NDJSON, 200),
    ):
        answer = post("/tracking", body, content_type=content_type)
        assert answer.status_code == 200, answer.text
        problem = answer.json()
        assert [result["status"] for result in problem["results"]] == [first, 200, 422, 404, first, first]
        assert {name: problem[name] for name in ("unknown", "no_case", "refused")} == {
            "unknown": 1,
            "no_case": 1,
            "refused": 2,
        }
        assert problem["stored"] + problem["stored_before"] == 4
        assert problem["results"][4]["state"] == "SIGNED"
        assert waybill not in answer.text


def test_bad_batches_are_refused_whole(post: Callable[..., httpx.Response]) -> None:
    assert_problem(post("/tracking", []), 422)
    assert_problem(post("/tracking", [_scan("75000000000000")] * 1001), 422)
    assert_problem(post("/tracking", b"[{]"), 400)
    assert_problem(post("/tracking", b"x", content_type="text/plain"), 415)


def test_the_interface_describes_both(stack: Stack) -> None:
    described = stack.http.get(f"{stack.intake}/openapi.json").json()
    assert {"Reply", "PushedScan"} <= described["components"]["schemas"].keys()
    assert described["components"]["securitySchemes"].keys() == {"key", "signature"}
    push = described["paths"]["/v1/carrier/tracking"]["post"]["requestBody"]["content"]
    assert push.keys() == {JSON, NDJSON}
    assert {"200", "201", "409"} <= described["paths"]["/v1/carrier/cases/{number}/replies"]["post"][
        "responses"
    ].keys()
    metrics = stack.http.get(f"{stack.intake}/metrics").text
    assert "shensu_tracking_pushes_total" in metrics
    assert "shensu_tracking_unknown_codes_total" in metrics
