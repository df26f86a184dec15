"""Reading: a client sees its own cases, page by page, and learns nothing of others, not even that they filed the same."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import orjson
import pytest

from services.access.clients import NewKey
from tests.problems import assert_problem
from tests.running import Stack

Filing = Callable[..., dict[str, Any]]
Send = Callable[..., httpx.Response]
CANARY = "kanarienvogel"


def test_a_case_is_shown_to_its_client_with_masked_persons_and_to_no_other(
    stack: Stack, send: Send, filing: Filing
) -> None:
    number = send(orjson.dumps(filing())).json()["number"]
    case = stack.get(f"/v1/complaints/{number}").json()
    assert (case["number"], case["persons"]["complainant"]["name"]) == (number, "王**")
    assert "13800138000" not in str(case)
    for path in (number, f"{number}/explanation", f"{number}/deadlines"):
        assert_problem(stack.get(f"/v1/complaints/{path}", client="web-form"), 404, "not-found")
        assert_problem(stack.get(f"/v1/complaints/{path}", client="dashboard"), 403, "forbidden")


def test_pages_go_on_by_their_cursor_until_every_case_was_shown(
    send: Send, filing: Filing, new_client: Callable[..., NewKey]
) -> None:
    key = {"authorization": f"Bearer {new_client().key}"}
    numbers = {send(orjson.dumps(filing()), **key).json()["number"] for _ in range(5)}
    shown: list[str] = []
    query = "limit=2"
    while True:
        page = send(method="GET", path=f"/v1/complaints?{query}", **key).json()
        assert len(page["items"]) <= 2
        shown += [case["number"] for case in page["items"]]
        if page["next"] is None:
            break
        query = f"limit=2&cursor={quote(page['next'])}"
    assert sorted(shown) == sorted(numbers)


def test_every_deadline_is_explained(stack: Stack, send: Send, filing: Filing) -> None:
    number = send(orjson.dumps(filing())).json()["number"]
    stack.wait_until_routed(number)
    explained = stack.get(f"/v1/complaints/{number}/deadlines").json()
    assert {deadline["key"] for deadline in explained["deadlines"]} >= {"acceptance", "total"}
    assert all(deadline["source"] and deadline["due_at"] for deadline in explained["deadlines"])


ITEM = {"item": {"waybill": "75777000111222"}}


def test_an_explanation_does_not_name_the_case_of_another_client(
    stack: Stack, send: Send, filing: Filing
) -> None:
    first = send(orjson.dumps(filing(**ITEM))).json()["number"]
    stack.wait_until_routed(first)
    second = send(orjson.dumps(filing(**ITEM, channel="WEB")), client="web-form").json()["number"]
    stack.wait_until_routed(second)

    to_its_client = stack.get(f"/v1/complaints/{second}/explanation", client="web-form")
    assert first not in to_its_client.text
    assert "same_matter_number" not in to_its_client.json()["facts"]
    assert to_its_client.json()["admission"]["proposed_ground"] == "DUPLICATE"
    to_the_desk = stack.get(f"/v1/complaints/{second}/explanation", client="bureau-desk")
    assert to_the_desk.json()["facts"]["same_matter_number"] == first


def _cursor(*parts: object) -> str:
    return quote(base64.urlsafe_b64encode(orjson.dumps(parts)).decode())


SOME_ID = "0199c2b4-0000-7000-8000-000000000000"
PARAMETERS = {
    "unknown parameter": (f"colour={CANARY}", "/query/colour", "unknown-field"),
    "limit of zero": ("limit=0", "/query/limit", "too-small"),
    "limit beyond all": ("limit=1000000", "/query/limit", "too-large"),
    "limit of words": (f"limit={CANARY}", "/query/limit", "wrong-type"),
    "unknown status": (f"status={CANARY}", "/query/status", "unknown-value"),
    "triage of words": (f"triage={CANARY}", "/query/triage", "wrong-type"),
    "reference too long": (f"external_ref={CANARY * 20}", "/query/external_ref", ""),
    "NUL in the reference": (f"external_ref={CANARY}%00", "/query/external_ref", ""),
    "NUL in the bureau": (f"bureau={CANARY}%00", "/query/bureau", ""),
    "cursor of words": (f"cursor={CANARY}", "/query/cursor", "invalid-cursor"),
    "cursor of another alphabet": ("cursor=%E6%9D%AD%E5%B7%9E", "/query/cursor", "invalid-cursor"),
    "cursor without offset": (
        f"cursor={_cursor('2026-01-01T00:00:00', SOME_ID)}",
        "/query/cursor",
        "invalid-cursor",
    ),
    "cursor before all time": (
        f"cursor={_cursor('0001-01-01T00:00:00+14:00', SOME_ID)}",
        "/query/cursor",
        "invalid-cursor",
    ),
    "cursor of three": (
        f"cursor={_cursor('2026-01-01T00:00:00+00:00', SOME_ID, 1)}",
        "/query/cursor",
        "invalid-cursor",
    ),
    "cursor of numbers": (f"cursor={_cursor(1, 2)}", "/query/cursor", "invalid-cursor"),
}


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_list_is_refused(case: str, send: Send) -> None:
    query, pointer, code = PARAMETERS[case]
    answer = send(method="GET", path=f"/v1/complaints?{query}", canary=CANARY)
    problem = assert_problem(answer, 422, canary=CANARY)
    [fault] = problem["errors"]
    assert fault["pointer"] == pointer
    assert code in {"", fault["code"]}
