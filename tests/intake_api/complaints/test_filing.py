"""Filing: one complaint or a batch; the rows that are reported are stored, and nothing beyond them."""

import contextlib
import socket
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import pytest

from shared import ids
from tests.problems import assert_problem, assert_says_what_to_do
from tests.running import Stack

Filing = Callable[..., dict[str, Any]]
Send = Callable[..., httpx.Response]
CANARY = "kanarienvogel"
NDJSON = "application/x-ndjson"
BATCH = "/v1/complaints/batch"
DEEP = b"[" * 10_000 + b"]" * 10_000


def test_a_complaint_gets_its_number_its_address_and_its_deadlines(
    stack: Stack, send: Send, filing: Filing
) -> None:
    answer = send(orjson.dumps(filing()))
    receipt = answer.json()
    assert answer.status_code == 201
    assert ids.is_complaint_number(receipt["number"])
    assert answer.headers["location"] == f"/v1/complaints/{receipt['number']}"
    assert receipt["received_at"] < receipt["accept_due_at"] < receipt["total_due_at"]
    assert stack.get(answer.headers["location"]).json()["received_at"] == receipt["received_at"]


def _lines(*rows: dict[str, Any]) -> bytes:
    return b"\n".join(orjson.dumps(row) for row in rows)


@pytest.mark.parametrize("media_type", [NDJSON, "application/json"])
def test_a_bad_row_harms_no_other(media_type: str, send: Send, filing: Filing) -> None:
    rows = [filing(), filing(carrier_code=CANARY), filing(), filing(colour=CANARY), filing()]
    body = orjson.dumps(rows) if media_type == "application/json" else _lines(*rows)
    answer = send(body, path=BATCH, content_type=media_type, canary=CANARY)
    assert answer.status_code == 200
    assert CANARY not in answer.text
    content = answer.json()
    assert (content["stored"], content["stored_before"], content["refused"]) == (3, 0, 2)
    assert [(result["row"], result["status"]) for result in content["results"]] == [
        (0, 201),
        (1, 422),
        (2, 201),
        (3, 422),
        (4, 201),
    ]
    for place, pointer in ((1, "/carrier_code"), (3, "/colour")):
        problem = content["results"][place]["problem"]
        assert_says_what_to_do(problem, 422, "invalid-input")
        assert [fault["pointer"] for fault in problem["errors"]] == [pointer]


def test_a_last_line_that_was_cut_off_is_refused_alone(send: Send, filing: Filing) -> None:
    body = _lines(filing(), filing(), filing(cause=CANARY))[:-40]
    content = send(body, path=BATCH, content_type=NDJSON, canary=CANARY).json()
    assert [result["status"] for result in content["results"]] == [201, 201, 400]
    assert_says_what_to_do(content["results"][2]["problem"], 400, "malformed-body")
    assert CANARY not in str(content)


@pytest.mark.parametrize(
    "row", [DEEP, b"[" * 400 + b"]" * 400, b"\xff\xfe", b"{", b"null", b"17", b'"\\u0000"']
)
def test_a_row_that_is_no_complaint_is_refused_alone(row: bytes, send: Send, filing: Filing) -> None:
    body = _lines(filing()) + b"\r\n" + row + b"\n\n" + _lines(filing()) + b"\n"
    content = send(body, path=BATCH, content_type=NDJSON).json()
    assert [result["status"] // 100 for result in content["results"]] == [2, 4, 2]


@pytest.mark.parametrize(
    "row", [b"[" * 400 + b"]" * 400, b'{"cause":' + b"[" * 400 + b"]" * 400 + b"}", b"null", b"1e400"]
)
def test_an_element_that_is_no_complaint_is_refused_alone(row: bytes, send: Send, filing: Filing) -> None:
    body = b"[" + orjson.dumps(filing()) + b"," + row + b"," + orjson.dumps(filing()) + b"]"
    answer = send(body, path=BATCH)
    if answer.status_code != 200:
        # an array that cannot be parted into rows is refused whole
        assert_problem(answer, 400, "malformed-body")
        return
    assert [result["status"] // 100 for result in answer.json()["results"]] == [2, 4, 2]


def test_half_an_array_stores_nothing(send: Send, filing: Filing) -> None:
    body = orjson.dumps([filing(cause=CANARY), filing()])[:-1]
    assert_problem(send(body, path=BATCH, canary=CANARY), 400, "malformed-body", canary=CANARY)


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        (b"", NDJSON, 422, "invalid-input"),
        (b"\n \r\n\n", NDJSON, 422, "invalid-input"),
        (b"[]", "application/json", 422, "invalid-input"),
        (b"{}", "application/json", 400, "malformed-body"),
        (DEEP, "application/json", 400, "malformed-body"),
        (b"[]", "text/csv", 415, "unsupported-media-type"),
        (b"{}\n" * 1001, NDJSON, 422, "invalid-input"),
        (b"[" + b"{}," * 1000 + b"{}]", "application/json", 422, "invalid-input"),
        (b" " * (20 * 1024 * 1024 + 1), NDJSON, 413, "body-too-large"),
    ],
    ids=["empty", "blank", "empty array", "object", "deep", "csv", "1001 lines", "1001 elements", "21 MB"],
)
def test_a_batch_is_refused_whole(body: bytes, media_type: str, status: int, code: str, send: Send) -> None:
    assert_problem(send(body, path=BATCH, content_type=media_type), status, code)


def test_a_row_without_any_key_is_refused_alone(send: Send, filing: Filing) -> None:
    body = _lines(filing(external_ref=uuid.uuid4().hex), filing())
    content = send(body, path=BATCH, content_type=NDJSON, idempotency_key=None).json()
    assert [result["status"] for result in content["results"]] == [201, 400]
    assert content["results"][1]["problem"]["code"] == "request-key-missing"


def test_a_carrier_hands_over_only_its_own_by_its_own_channel(send: Send, filing: Filing) -> None:
    rows = (filing(channel="CARRIER_FEED"), filing(channel="CARRIER_FEED", carrier_code="YTO"), filing())
    content = send(_lines(*rows), path=BATCH, content_type=NDJSON, client="carrier-zto").json()
    assert [result["status"] for result in content["results"]] == [201, 422, 422]
    faults = [result["problem"]["errors"][0]["code"] for result in content["results"][1:]]
    assert faults == ["not-your-carrier", "not-your-channel"]


def test_senders_that_stop_in_the_middle_keep_nobody_out(stack: Stack, send: Send, filing: Filing) -> None:
    address = urlsplit(stack.intake)
    head = (
        f"POST {BATCH} HTTP/1.1\r\nHost: x\r\nContent-Type: {NDJSON}\r\nContent-Length: 1000\r\n"
        f"Authorization: {stack.as_client('call-centre')['Authorization']}\r\nIdempotency-Key: slow\r\n\r\n"
    )
    with contextlib.ExitStack() as open_:
        for _ in range(12):
            sender = socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=5)
            open_.enter_context(sender).sendall(head.encode() + b"{")
        time.sleep(0.1)
        started = time.monotonic()
        content = send(_lines(filing(), filing()), path=BATCH, content_type=NDJSON).json()
        assert content["stored"] == 2
        assert time.monotonic() - started < 3
