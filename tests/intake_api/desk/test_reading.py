"""Reading and searching over real HTTP: worklist, whole case with its ETag, limits, explanation, and what is refused."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.views.worklist import Queue
from tests.problems import assert_problem
from tests.running import Stack

Filing = Callable[..., dict[str, Any]]
Get = Callable[..., httpx.Response]
CANARY = "13712345678"


@pytest.fixture
def get(stack: Stack) -> Get:
    """Return a function that reads from the desk; an operator of None is left out."""

    def _get(
        path: str, *, client: str = "desk-hangzhou", operator: str | None = "li.na", **query: Any
    ) -> httpx.Response:
        headers = stack.as_client(client) | ({"X-Operator-Id": operator} if operator else {})
        return stack.http.get(f"{stack.intake}/v1/desk/{path}", params=query, headers=headers)

    return _get


@pytest.fixture
def search(stack: Stack) -> Callable[..., httpx.Response]:
    """Return a function that searches as a client, at a desk if an operator is named."""

    def _search(criteria: Any, *, client: str = "call-centre", operator: str | None = None) -> httpx.Response:
        headers = stack.as_client(client) | ({"X-Operator-Id": operator} if operator else {})
        path = "/v1/desk/search" if operator else "/v1/complaints/search"
        return stack.http.post(f"{stack.intake}{path}", json=criteria, headers=headers)

    return _search


@pytest.fixture
def waiting(stack: Stack, filing: Filing) -> Callable[..., str]:
    """Return a function that files a complaint which waits for Hangzhou's officers."""

    def _file(**changes: Any) -> str:
        number: str = stack.post(filing(request=None, **changes)).json()["number"]
        stack.wait_until_routed(number)
        return number

    return _file


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
    stack: Stack, waiting: Callable[..., str], get: Get
) -> None:
    number = waiting()
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


def test_deadlines_and_explanation_are_told_to_the_desk(waiting: Callable[..., str], get: Get) -> None:
    number = waiting()
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


def test_a_caller_is_found_by_telephone_and_told_how_it_stands(
    waiting: Callable[..., str], search: Callable[..., httpx.Response], stack: Stack
) -> None:
    person = {"name": "赵小测", "phone": CANARY, "role": "SENDER"}
    number = waiting(complainant=person, item={"waybill": "75777777777777"})
    for criteria in ({"phone": CANARY}, {"waybill": "75777777777777"}, {"number": number}):
        [hit] = search(criteria).json()["items"]
        assert hit["number"] == number
        assert f"尾号{number[-4:]}" in hit["sentence"]["zh"]
        assert "杭州市邮政管理局正在审查是否受理" in hit["sentence"]["zh"]
        [same] = search(criteria, client="desk-hangzhou", operator="li.na").json()["items"]
        assert same == hit
        # a web form sees what it filed itself
        assert search(criteria, client="web-form").json() == {"items": [], "next": None}
    page = search({"text": "并未收到", "phone": CANARY}).json()
    assert (len(page["items"]), page["looked_through"]) == (1, 1)
    assert CANARY not in str(page)
    log = "".join(path.read_text("utf-8", "replace") for path in (stack.home / "logs").glob("*.log"))
    assert CANARY not in log
    rows = stack.query("SELECT data::text FROM audit_entry WHERE act = 'case.search'")
    assert rows
    assert not [row for row in rows if CANARY in row[0]]


@pytest.mark.parametrize(
    ("criteria", "changes", "status", "code"),
    [
        ({}, {}, 422, "invalid-input"),
        ({"phone": f"tel {CANARY}x"}, {}, 422, "invalid-input"),
        ({"identity_card": f"{CANARY}0000000"}, {}, 422, "invalid-input"),
        ({"waybill": f"单{CANARY}"}, {}, 422, "invalid-input"),
        ({"name": CANARY}, {}, 422, "invalid-input"),
        ({"number": "1"}, {}, 422, "invalid-input"),
        ({"carrier_code": "ZTO", "cursor": CANARY}, {}, 422, "invalid-cursor"),
        ([CANARY], {}, 422, "invalid-input"),
        ({"carrier_code": "ZTO"}, {"client": "dashboard"}, 403, "forbidden"),
        ({"carrier_code": "ZTO"}, {"client": "desk-hangzhou"}, 403, "forbidden"),
        ({"carrier_code": "ZTO"}, {"operator": "li.na"}, 403, "forbidden"),
        ({"carrier_code": "ZTO"}, {"client": "desk-hangzhou", "operator": "nobody"}, 403, "unknown-officer"),
    ],
)
def test_a_search_that_is_refused_repeats_nothing(
    criteria: Any, changes: dict[str, Any], status: int, code: str, search: Callable[..., httpx.Response]
) -> None:
    assert_problem(search(criteria, **changes), status, code, canary=CANARY)


def test_a_search_by_address_is_no_operation(stack: Stack) -> None:
    headers = stack.as_client("call-centre")
    answered = stack.http.get(
        f"{stack.intake}/v1/complaints/search", params={"phone": CANARY}, headers=headers
    )
    assert_problem(answered, 405, "method-not-allowed", canary=CANARY)


def test_the_description_names_the_forms_and_headers(stack: Stack) -> None:
    described = stack.http.get(f"{stack.intake}/openapi.json").json()
    for path in ("/v1/complaints/search", "/v1/desk/search"):
        body = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert body == {"$ref": "#/components/schemas/Search"}
    form = described["components"]["schemas"]["Search"]
    assert form["additionalProperties"] is False
    assert {"number", "phone", "waybill", "identity_card", "text", "received_from"} <= set(form["properties"])
    listed = described["paths"]["/v1/desk/cases"]["get"]["parameters"]
    assert {"X-Operator-Id", "queue", "status", "level", "limit", "cursor"} == {
        parameter["name"] for parameter in listed
    }


def test_persons_are_unmasked_for_a_purpose_only(stack: Stack, waiting: Callable[..., str]) -> None:
    number = waiting()
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
