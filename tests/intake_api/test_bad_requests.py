"""Requests that go wrong around the body: bytes, content types, sizes, keys, addresses, parameters."""

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import orjson
import pytest

from services.access.clients import NewKey
from tests.problems import assert_problem
from tests.running import Stack, wait_for

Filing = Callable[..., dict[str, Any]]
Send = Callable[..., httpx.Response]
NewClient = Callable[..., NewKey]
CANARY = "kanarienvogel"
DEEP = b"[" * 10_000 + b"]" * 10_000
NDJSON = "application/x-ndjson"
UNKNOWN_KEY = "Bearer sk_test_kanarienvogel_00_91a89e4a"


class Wrong(NamedTuple):
    """A body or headers that are refused before the complaint itself is looked at."""

    body: bytes
    headers: dict[str, str | None]
    status: int
    code: str


GOOD = orjson.dumps({"cause": CANARY})
WRONG = {
    "no body": Wrong(b"", {}, 400, "malformed-body"),
    "malformed JSON": Wrong(b'{"cause": "' + CANARY.encode(), {}, 400, "malformed-body"),
    "a word": Wrong(CANARY.encode(), {}, 400, "malformed-body"),
    "10,000 deep": Wrong(DEEP, {}, 400, "malformed-body"),
    "10,000 deep inside": Wrong(b'{"cause":' + DEEP + b"}", {}, 400, "malformed-body"),
    "invalid UTF-8": Wrong(b'{"cause":"' + CANARY.encode() + b'\xff\xfe"}', {}, 400, "malformed-body"),
    "half a surrogate pair": Wrong(b'{"cause":"\\ud83d kanarienvogel"}', {}, 400, "malformed-body"),
    "UTF-16": Wrong('{"cause":"x"}'.encode("utf-16"), {}, 400, "malformed-body"),
    "not a number": Wrong(b'{"requested_fen": NaN}', {}, 422, "invalid-input"),
    "an array": Wrong(b"[" + GOOD + b"]", {}, 422, "invalid-input"),
    "null": Wrong(b"null", {}, 422, "invalid-input"),
    "wrong content type": Wrong(GOOD, {"content_type": "text/plain"}, 415, "unsupported-media-type"),
    "a form": Wrong(
        b"cause=1", {"content_type": "application/x-www-form-urlencoded"}, 415, "unsupported-media-type"
    ),
    "another charset": Wrong(
        GOOD, {"content_type": "application/json; charset=gbk"}, 415, "unsupported-media-type"
    ),
    "compressed": Wrong(GOOD, {"content_encoding": "gzip"}, 415, "unsupported-media-type"),
    "no content type": Wrong(GOOD, {"content_type": None}, 415, "unsupported-media-type"),
    "ndjson for one": Wrong(GOOD, {"content_type": NDJSON}, 415, "unsupported-media-type"),
    "no key at all": Wrong(GOOD, {"authorization": None}, 401, "unauthenticated"),
    "key of another scheme": Wrong(GOOD, {"authorization": f"Basic {CANARY}"}, 401, "unauthenticated"),
    "malformed key": Wrong(GOOD, {"authorization": f"Bearer {CANARY}"}, 401, "unauthenticated"),
    "key of the right form, unknown": Wrong(GOOD, {"authorization": UNKNOWN_KEY}, 401, "unauthenticated"),
    "key that is empty": Wrong(GOOD, {"authorization": "Bearer"}, 401, "unauthenticated"),
    "request key empty": Wrong(GOOD, {"idempotency_key": ""}, 400, "invalid-idempotency-key"),
    "request key too long": Wrong(GOOD, {"idempotency_key": CANARY * 20}, 400, "invalid-idempotency-key"),
    "request key not ASCII": Wrong(GOOD, {"idempotency_key": f"{CANARY}é"}, 400, "invalid-idempotency-key"),
}


@pytest.mark.parametrize("case", WRONG)
def test_is_refused_before_it_is_read(case: str, send: Send) -> None:
    body, headers, status, code = WRONG[case]
    assert_problem(send(body, canary=CANARY, **headers), status, code, canary=CANARY)


@pytest.mark.parametrize("client", ["bureau-desk", "dashboard", "legacy-import"])
def test_a_key_of_another_scope_files_nothing(client: str, send: Send, filing: Filing) -> None:
    assert_problem(send(orjson.dumps(filing()), client=client), 403, "forbidden")


def test_a_mistyped_key_is_refused(stack: Stack, send: Send, filing: Filing) -> None:
    key = stack.keys["call-centre"]
    mistyped = key[:20] + ("0" if key[20] != "0" else "1") + key[21:]
    answer = send(orjson.dumps(filing()), authorization=f"Bearer {mistyped}", canary=mistyped)
    assert_problem(answer, 401, "unauthenticated", canary=mistyped)


def test_a_revoked_key_is_refused_within_six_seconds(
    stack: Stack, send: Send, filing: Filing, new_client: NewClient
) -> None:
    made = new_client()
    body, authorization = orjson.dumps(filing()), f"Bearer {made.key}"
    assert send(body, authorization=authorization).status_code == 201
    stack.query("UPDATE api_key SET revoked_at = clock_timestamp() WHERE id = $1 RETURNING id", made.key_id)

    def _refused() -> httpx.Response | None:
        answer = send(body, authorization=authorization)
        return None if answer.status_code == 201 else answer

    assert_problem(wait_for(_refused, "the revoked key is refused", seconds=6), 401, "unauthenticated")


def test_more_than_agreed_is_refused_with_retry_after(
    send: Send, filing: Filing, new_client: NewClient
) -> None:
    authorization = f"Bearer {new_client(per_minute=3).key}"
    answers = [send(orjson.dumps(filing()), authorization=authorization) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    problem = assert_problem(answers[3], 429, "rate-limited")
    assert problem["retryable"]
    assert int(answers[3].headers["retry-after"]) > 0


def test_without_key_and_reference_nothing_is_taken(send: Send, filing: Filing) -> None:
    body = orjson.dumps(filing(cause=CANARY))
    problem = assert_problem(
        send(body, idempotency_key=None, canary=CANARY), 400, "request-key-missing", canary=CANARY
    )
    assert "Idempotency-Key" in problem["detail"]
    assert "external_ref" in problem["detail"]


def test_a_key_used_for_another_body_is_refused(send: Send, filing: Filing) -> None:
    assert send(orjson.dumps(filing()), idempotency_key="reused").status_code == 201
    other = send(orjson.dumps(filing(cause=CANARY)), idempotency_key="reused", canary=CANARY)
    assert_problem(other, 422, "request-key-reused", canary=CANARY)


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "not announced"])
def test_a_description_of_a_megabyte_is_too_large(announced: bool, send: Send, filing: Filing) -> None:  # noqa: FBT001 - a parameter of pytest
    body = orjson.dumps(filing(cause=CANARY * 80_000))

    def _chunks() -> Iterator[bytes]:
        for start in range(0, len(body), 16_384):
            yield body[start : start + 16_384]

    answer = send(body if announced else _chunks(), canary=CANARY)
    problem = assert_problem(answer, 413, "body-too-large", canary=CANARY)
    assert "64 KiB" in problem["detail"]


def test_a_body_of_just_the_limit_is_read(send: Send, filing: Filing) -> None:
    body = orjson.dumps(filing(cause=CANARY)).ljust(64 * 1024)
    assert send(body).status_code == 201
    assert_problem(send(body + b" "), 413, "body-too-large")


def test_a_connection_cut_in_the_middle_of_a_body_stores_nothing(
    stack: Stack, send: Send, filing: Filing
) -> None:
    address = urlsplit(stack.intake)
    rows = b"\n".join(orjson.dumps(filing(external_ref=f"cut-{n}")) for n in range(20))
    for path, media_type in (("/v1/complaints", "application/json"), ("/v1/complaints/batch", NDJSON)):
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\n{_authorization(stack)}\r\nIdempotency-Key: cut\r\n"
            f"Content-Type: {media_type}\r\nContent-Length: {len(rows) + 1}\r\n\r\n"
        )
        with socket.create_connection(
            (str(address.hostname), int(address.port or 0)), timeout=5
        ) as connection:
            connection.sendall(head.encode() + rows)
            time.sleep(0.05)
    listed = send(method="GET", path="/v1/complaints?external_ref=cut-0").json()
    assert listed == {"items": [], "next": None}


def _authorization(stack: Stack) -> str:
    return f"Authorization: {stack.as_client('call-centre')['Authorization']}"


def test_a_client_that_hangs_up_is_no_fault_of_ours(stack: Stack, send: Send, filing: Filing) -> None:
    log = stack.home / "logs" / "intake_api.log"
    before = log.read_bytes().count(b"unexpected_error")
    test_a_connection_cut_in_the_middle_of_a_body_stores_nothing(stack, send, filing)
    assert log.read_bytes().count(b"unexpected_error") == before


ADDRESSES = (
    ("GET", f"/v1/{CANARY}", 404, "not-found"),
    ("POST", f"/v2/complaints/{CANARY}", 404, "not-found"),
    ("GET", f"/v1/complaints/{CANARY}", 404, "not-found"),
    ("GET", "/v1/complaints/20261124000000017/explanation", 404, "not-found"),
    ("GET", "/v1/complaints/%00", 404, "not-found"),
    ("GET", "/v1/complaints/２０２６１１２４００００００１７１", 404, "not-found"),
    ("GET", f"/v1/reference/{CANARY}", 404, "not-found"),
    ("DELETE", f"/v1/complaints?{CANARY}", 405, "method-not-allowed"),
    ("PATCH", "/v1/complaints/20261124000000017", 405, "method-not-allowed"),
    ("GET", "/v1/complaints/batch/", 404, "not-found"),
    ("GET", "/v1/complaints/batch", 405, "method-not-allowed"),
    ("GET", "/v1/complaints/search", 405, "method-not-allowed"),
    ("PROPFIND", "/v1/complaints", 405, "method-not-allowed"),
)


@pytest.mark.parametrize(("method", "path", "status", "code"), ADDRESSES)
def test_an_address_or_method_that_is_not_there(
    method: str, path: str, status: int, code: str, send: Send
) -> None:
    answer = send(method=method, path=path, canary=CANARY)
    assert_problem(answer, status, code, canary=CANARY)
    if status == 405:
        assert answer.headers["allow"]


def test_head_is_answered_as_get_without_a_body(send: Send, stack: Stack) -> None:
    for url in (f"{stack.intake}/livez", f"{stack.analytics}/livez", f"{stack.intake}/v1/complaints"):
        headers = stack.as_client("call-centre")
        got, headed = (stack.http.request(method, url, headers=headers) for method in ("GET", "HEAD"))
        assert (headed.status_code, headed.content) == (got.status_code, b"")
    refused = send(method="HEAD", path="/v1/complaints/batch")
    assert (refused.status_code, refused.content, refused.headers["allow"]) == (405, b"", "POST")


def test_what_is_no_method_of_http_is_refused_by_the_server_itself(stack: Stack) -> None:
    address = urlsplit(stack.intake)
    assert address.hostname
    with socket.create_connection((address.hostname, address.port or 80), timeout=5) as connection:
        connection.sendall(b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = connection.recv(1000)
    # the parser does not know the method, so that no application is asked: docs/integrators/call-centres.md says so
    assert answer.startswith(b"HTTP/1.1 400 Bad Request")
    assert b"text/plain" in answer


def test_an_unlisted_code_is_refused_with_the_list(send: Send) -> None:
    problem = assert_problem(send(b'{"channel": "PIGEON"}'), 422)
    [fault] = [fault for fault in problem["errors"] if fault["pointer"] == "/channel"]
    assert fault["message"].startswith("send one of 'PHONE_12305'")


def test_a_request_id_is_kept_where_harmless_and_replaced_where_not(send: Send) -> None:
    assert send(x_request_id="call-17.a_b").headers["x-request-id"] == "call-17.a_b"
    for harmful in ("a b", "<script>", "x" * 65, '","level":"'):
        answer = send(x_request_id=harmful)
        assert answer.headers["x-request-id"] != harmful
        assert_problem(answer, 400, canary=harmful)
