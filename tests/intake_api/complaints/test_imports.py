"""Imports: closed cases of older systems, part by part; what is refused stores nothing and says why."""

import hashlib
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import orjson
import pytest

from tests.intake_api.ledger import Ledger
from tests.problems import assert_problem

Filing = Callable[..., dict[str, Any]]
Send = Callable[..., httpx.Response]
CANARY = "kanarienvogel"
NDJSON = "application/x-ndjson"
DEEP = b"[" * 10_000 + b"]" * 10_000


def _lines(*rows: dict[str, Any]) -> bytes:
    return b"\n".join(orjson.dumps(row) for row in rows)


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


def test_an_import_is_complete_when_every_part_is_in(send: Send, filing: Filing, ledger: Ledger) -> None:
    parts = [_lines(_old(filing), _old(filing)), _lines(_old(filing))]
    address = _announce(send, parts, 3)
    assert _announce(send, parts, 3) == address
    early = [_put(send, address, part, parts[part]).json()["results"] for part in (1, 0)]
    assert [len(results) for results in early] == [1, 2]
    assert _put(send, address, 1, parts[1]).json()["results"] == early[0]
    # the answer is the one that was given before: nothing more is stored
    ledger.stored -= 1
    complete = send(path=f"{address}/complete", client="legacy-import").json()
    assert (complete["rows_received"], complete["missing_parts"]) == (3, [])
    assert complete["completed"]
    assert send(method="GET", path=address, client="legacy-import").json() == complete
    assert_problem(send(method="GET", path=address, client="call-centre"), 403, "forbidden")


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


def test_who_may_not_import_is_refused_before_the_manifest_is_read(send: Send) -> None:
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
    pointers = [result.get("errors", [{}])[0].get("pointer", result["status"]) for result in results]
    assert pointers == [201, *(pointer for _, pointer in OLD_FAULTS.values())]
    assert CANARY not in str(results)


def test_a_part_of_too_many_rows_is_refused_whole(send: Send) -> None:
    part = b"{}\n" * 1001
    assert_problem(_put(send, _announce(send, [part], 1001), 0, part), 422, "invalid-input")
