"""Batches and imports that go wrong: the rows that are reported are stored, nothing beyond them."""

import contextlib
import hashlib
import socket
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import pytest

from tests.problems import assert_problem, assert_says_what_to_do
from tests.running import Stack

Filing = Callable[..., dict[str, Any]]
Send = Callable[..., httpx.Response]
CANARY = "kanarienvogel"
NDJSON = "application/x-ndjson"
BATCH = "/v1/complaints/batch"
DEEP = b"[" * 10_000 + b"]" * 10_000
STORED = ("SELECT count(*) FROM complaint",)


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


def _old(filing: Filing, **changes: Any) -> dict[str, Any]:
    outcome = {"closed_at": "2019-03-20T10:00:00+08:00", "close_reason": "SETTLED", "responsibility": "NONE"}
    plain = {"external_ref": uuid.uuid4().hex, "received_at": "2019-03-05T10:00:00+08:00", "outcome": outcome}
    return filing(**(plain | changes))


def _manifest(parts: Sequence[bytes], rows: int, /, **changes: Any) -> bytes:
    digests = [hashlib.sha256(part).hexdigest() for part in parts]
    whole = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return orjson.dumps({"name": "old", "rows": rows, "part_sha256": digests, "sha256": whole} | changes)


def _announce(send: Send, parts: Sequence[bytes], rows: int) -> str:
    answer = send(_manifest(parts, rows), path="/v1/imports", client="legacy-import")
    assert answer.status_code == 201
    return f"/v1/imports/{answer.json()['id']}"


def _put(send: Send, address: str, part: int, body: bytes) -> httpx.Response:
    return send(
        body,
        path=f"{address}/parts/{part}",
        method="PUT",
        client="legacy-import",
        content_type=NDJSON,
        canary=CANARY,
    )


@pytest.mark.parametrize(
    "harm", [lambda body: body[:-1], lambda body: body + b" ", lambda body: body.replace(b"ZTO", b"YTO")]
)
def test_a_part_of_another_digest_stores_nothing(
    harm: Callable[[bytes], bytes], send: Send, filing: Filing
) -> None:
    part = _lines(_old(filing, cause=CANARY), _old(filing))
    address = _announce(send, [part], 2)
    assert_problem(_put(send, address, 0, harm(part)), 422, "digest-mismatch", canary=CANARY)
    state = send(method="GET", path=address, client="legacy-import").json()
    assert (state["rows_received"], state["missing_parts"]) == (0, [0])
    assert [result["status"] for result in _put(send, address, 0, part).json()["results"]] == [201, 201]


MANIFESTS: dict[str, tuple[bytes, int, str]] = {
    "digest of the whole": (_manifest([b"x"], 1, sha256="0" * 64), 422, "digest-mismatch"),
    "digest of no form": (_manifest([b"x"], 1, part_sha256=[CANARY]), 422, "invalid-input"),
    "no part": (_manifest([], 1), 422, "invalid-input"),
    "no row": (_manifest([b"x"], 0), 422, "invalid-input"),
    "rows in quotes": (_manifest([b"x"], 1, rows="1"), 422, "invalid-input"),
    "unknown field": (_manifest([b"x"], 1, colour=CANARY), 422, "invalid-input"),
    "name of controls": (_manifest([b"x"], 1, name=f"{CANARY}\x00"), 422, "invalid-input"),
    "not JSON": (b'{"name": "' + CANARY.encode(), 400, "malformed-body"),
    "10,000 deep": (DEEP, 400, "malformed-body"),
    "too large": (b" " * (2 * 1024 * 1024), 413, "body-too-large"),
}


@pytest.mark.parametrize("case", MANIFESTS)
def test_a_manifest_is_refused(case: str, send: Send) -> None:
    body, status, code = MANIFESTS[case]
    answer = send(body, path="/v1/imports", client="legacy-import", canary=CANARY)
    problem = assert_problem(answer, status, code, canary=CANARY)
    assert not [fault for fault in problem.get("errors", ()) if fault["pointer"].startswith("/body")]


def test_a_manifest_of_another_content_type_is_refused(send: Send) -> None:
    answer = send(_manifest([b"x"], 1), path="/v1/imports", client="legacy-import", content_type="text/plain")
    assert_problem(answer, 415, "unsupported-media-type")


def test_who_may_not_import_is_told_so_before_the_manifest_is_read(send: Send) -> None:
    assert_problem(send(b"{", path="/v1/imports", authorization=None), 401, "unauthenticated")
    assert_problem(send(b"{", path="/v1/imports", client="call-centre"), 403, "forbidden")


def test_parts_and_imports_that_are_not_there(send: Send, filing: Filing) -> None:
    address = _announce(send, [_lines(_old(filing))], 1)
    for part in (1, -1, 10**30):
        assert_problem(_put(send, address, part, b"x"), 404, "not-found")
    assert_problem(_put(send, f"/v1/imports/{uuid.uuid4()}", 0, b"x"), 404, "not-found")
    assert_problem(_put(send, f"/v1/imports/{CANARY}", 0, b"x"), 422, canary=CANARY)
    early = send(path=f"{address}/complete", client="legacy-import")
    assert_problem(early, 409, "parts-missing")


OLD_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "without reference": ({"external_ref": None}, "/external_ref"),
    "without receipt": ({"received_at": None}, "/received_at"),
    "received before the posts": ({"received_at": "1019-03-05T10:00:00+08:00"}, "/received_at"),
    "received at the beginning of time": ({"received_at": "0001-01-01T00:00:00+14:00"}, "/received_at"),
    "closed in the future": ({"outcome": {"closed_at": "2219-03-20T10:00:00+08:00"}}, "/outcome/closed_at"),
    "closed before receipt": ({"outcome": {"closed_at": "2019-03-04T10:00:00+08:00"}}, "/outcome/closed_at"),
    "accepted after closing": (
        {"outcome": {"accepted_at": "2019-03-21T10:00:00+08:00"}},
        "/outcome/accepted_at",
    ),
    "closed for no reason": ({"outcome": {"close_reason": CANARY}}, "/outcome/close_reason"),
    "money given back": ({"outcome": {"recovered_fen": -1}}, "/outcome/recovered_fen"),
}


def test_rows_of_history_are_refused_each_for_itself(send: Send, filing: Filing) -> None:
    good = _old(filing)
    rows = [good]
    for changes, _ in OLD_FAULTS.values():
        outcome = good["outcome"] | changes.get("outcome", {})
        rows.append(_old(filing, **{**changes, "outcome": outcome}))
    part = _lines(*rows)
    results = _put(send, _announce(send, [part], len(rows)), 0, part).json()["results"]
    found = [result.get("errors", [{}])[0].get("pointer", result["status"]) for result in results]
    assert found == [201, *(pointer for _, pointer in OLD_FAULTS.values())]
    assert CANARY not in str(results)


def test_a_part_of_too_many_rows_is_refused_whole(send: Send) -> None:
    part = b"{}\n" * 1001
    assert_problem(_put(send, _announce(send, [part], 1001), 0, part), 422, "invalid-input")


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
