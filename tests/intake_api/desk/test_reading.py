"""Reading over real HTTP: worklist, whole case with its ETag, limits, explanation, and what is refused."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.views.worklist import Queue
from tests.problems import assert_problem
from tests.running import Stack

Filing = Callable[..., dict[str, Any]]
Get = Callable[..., httpx.Response]


@pytest.fixture
def get(stack: Stack) -> Get:
    """Return a function that reads from the desk; an operator of None is left out."""

    def _get(
        path: str, *, client: str = "desk-hangzhou", operator: str | None = "li.na", **query: Any
    ) -> httpx.Response:
        headers = stack.as_client(client) | ({"X-Operator-Id": operator} if operator else {})
        return stack.http.get(f"{stack.intake}/v1/desk/{path}", params=query, headers=headers)

    return _get


def _listed(get: Get, **query: Any) -> dict[str, dict[str, Any]]:
    items: dict[str, dict[str, Any]] = {}
    cursor: dict[str, Any] = {}
    while True:
        page = get("cases", **query, **cursor).json()
        items |= {item["number"]: item for item in page["items"]}
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}


def test_the_worklist_leads_to_a_case_and_the_case_to_an_act(
    stack: Stack, waiting: Callable[..., tuple[str, int]], get: Get
) -> None:
    number, _ = waiting()
    item = _listed(get, limit=3)[number]
    assert (item["status"], item["claimed_by"]) == ("RECEIVED", None)
    assert number in _listed(get, queue="unclaimed", status="RECEIVED")
    read = get(f"cases/{number}")
    case = read.json()
    assert read.headers["etag"] == f'"{case["version"]}"' == f'"{item["version"]}"'
    assert read.headers["cache-control"] == "no-store"
    headers = stack.as_client("desk-hangzhou") | {"X-Operator-Id": "li.na", "If-Match": read.headers["etag"]}
    claimed = stack.http.post(f"{stack.intake}/v1/desk/cases/{number}/claim", json={}, headers=headers)
    assert claimed.status_code == 200, claimed.text
    assert number in _listed(get, queue="mine")
    assert number not in _listed(get, queue="unclaimed")
    assert number in _listed(get, queue="supervised", client="desk-zhejiang")
    assert get(f"cases/{number}").json()["history"][-1]["kind"] == "CLAIMED"


def test_every_queue_answers_for_every_desk(get: Get) -> None:
    for client in ("desk-hangzhou", "desk-zhejiang", "desk-national"):
        for queue in Queue:
            page = get("cases", client=client, queue=queue.value)
            assert page.status_code == 200, page.text
            assert page.json()["queue"] == queue.value


def test_deadlines_and_explanation_are_shown_to_the_desk(
    waiting: Callable[..., tuple[str, int]], get: Get
) -> None:
    number, _ = waiting()
    explained = get(f"cases/{number}/deadlines").json()
    assert {deadline["key"] for deadline in explained["deadlines"]} >= {"acceptance", "total", "claim"}
    explanation = get(f"cases/{number}/explanation", client="desk-zhejiang").json()
    assert explanation["admission"]["proposed_ground"] == "MISSING_ELEMENTS"
    assert explanation["deadlines"]["each"] == f"/v1/desk/cases/{number}/deadlines"


@pytest.mark.parametrize(
    ("path", "changes", "status", "code"),
    [
        ("cases", {"operator": None}, 400, "operator-missing"),
        ("cases", {"operator": "nobody"}, 403, "unknown-officer"),
        ("cases", {"client": "call-centre"}, 403, "forbidden"),
        ("cases", {"client": "carrier-zto"}, 403, "forbidden"),
        ("cases", {"queue": "all"}, 422, "invalid-input"),
        ("cases", {"limit": 201}, 422, "invalid-input"),
        ("cases", {"status": "CLOSED"}, 422, "invalid-input"),
        ("cases", {"cursor": "x"}, 422, "invalid-cursor"),
        ("cases", {"bureau": "C330100"}, 422, "invalid-input"),
        ("cases/{foreign}", {}, 404, "not-found"),
        ("cases/{foreign}/deadlines", {}, 404, "not-found"),
        ("cases/{foreign}/explanation", {}, 404, "not-found"),
        ("cases/20261124000000017", {}, 404, "not-found"),
        ("cases/x", {}, 404, "not-found"),
    ],
)
def test_what_is_refused_and_how(
    path: str, changes: dict[str, Any], status: int, code: str, get: Get, stack: Stack, filing: Filing
) -> None:
    if "{foreign}" in path:
        foreign = stack.post(filing(addressee={"region_code": "340111"})).json()["number"]
        stack.wait_until_routed(foreign)
        path = path.format(foreign=foreign)
    assert_problem(get(path, **changes), status, code)


def test_the_description_names_the_parameters_of_the_worklist(stack: Stack) -> None:
    described = stack.http.get(f"{stack.intake}/openapi.json").json()
    listed = described["paths"]["/v1/desk/cases"]["get"]["parameters"]
    assert {"X-Operator-Id", "queue", "status", "level", "limit", "cursor"} == {
        parameter["name"] for parameter in listed
    }


def test_persons_are_unmasked_for_a_purpose_only(
    stack: Stack, waiting: Callable[..., tuple[str, int]]
) -> None:
    number, _ = waiting()
    headers = stack.as_client("desk-hangzhou") | {"X-Operator-Id": "li.na"}
    url = f"{stack.intake}/v1/desk/cases/{number}/unmask"
    shown = stack.http.post(url, json={"purpose": "CONTACT", "fields": ["phone"]}, headers=headers)
    assert shown.status_code == 200, shown.text
    assert set(shown.json()["persons"]["complainant"]) == {"phone"}
    assert shown.headers["cache-control"] == "no-store"
    for wrong in (
        {"fields": ["phone"]},
        {"purpose": "CURIOSITY", "fields": ["phone"]},
        {"purpose": "CONTACT", "fields": []},
    ):
        assert_problem(stack.http.post(url, json=wrong, headers=headers), 422, "invalid-input")
    assert_problem(
        stack.http.post(
            url,
            json={"purpose": "CONTACT", "fields": ["phone"]},
            headers=stack.as_client("call-centre") | {"X-Operator-Id": "li.na"},
        ),
        403,
        "forbidden",
    )
