"""Searching by what a caller on the telephone knows: nothing of it is repeated, logged or kept."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.problems import assert_problem
from tests.running import Stack

CANARY = "13712345678"


@pytest.fixture
def search(stack: Stack) -> Callable[..., httpx.Response]:
    """Return a function that searches as a client, at a desk if an operator is named."""

    def _search(criteria: Any, *, client: str = "call-centre", operator: str | None = None) -> httpx.Response:
        headers = stack.as_client(client) | ({"X-Operator-Id": operator} if operator else {})
        path = "/v1/desk/search" if operator else "/v1/complaints/search"
        return stack.http.post(f"{stack.intake}{path}", json=criteria, headers=headers)

    return _search


def test_a_case_is_found_by_telephone_waybill_or_number_with_a_sentence_to_read_out(
    waiting: Callable[..., tuple[str, int]], search: Callable[..., httpx.Response], stack: Stack
) -> None:
    person = {"name": "赵小测", "phone": CANARY, "role": "SENDER"}
    number, _ = waiting(complainant=person, item={"waybill": "75777777777777"})
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
    assert (len(page["items"]), page["cases_read"]) == (1, 1)
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


def test_the_description_names_the_form(stack: Stack) -> None:
    described = stack.http.get(f"{stack.intake}/openapi.json").json()
    for path in ("/v1/complaints/search", "/v1/desk/search"):
        body = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert body == {"$ref": "#/components/schemas/Search"}
    form = described["components"]["schemas"]["Search"]
    assert form["additionalProperties"] is False
    assert {"number", "phone", "waybill", "identity_card", "text", "received_from"} <= set(form["properties"])
