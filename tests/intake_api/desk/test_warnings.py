"""Over HTTP: what the notifications of a bureau, the warnings that it may see, and who may read them."""

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.problems import assert_problem
from tests.running import Stack, wait_for

Filing = Callable[..., dict[str, Any]]
_LATER = """
    UPDATE case_deadline k SET started_at = k.started_at - interval '20 days', due_at = k.due_at - interval '20 days',
        next_check_at = k.next_check_at - interval '20 days'
    FROM complaint c WHERE c.bucket = k.bucket AND c.id = k.complaint_id AND c.number = $1
"""
_SURGE = """
    INSERT INTO surge (id, kind, carrier_code, place, province, week, count, mean, deviation, level, national, updated_at)
    VALUES ($1, 'CITY', $2, '330100', '330000', '2026-11-23', 12, 1.5, 0.5, 'L2', false, clock_timestamp())
"""


@pytest.fixture
def read(stack: Stack) -> Callable[..., httpx.Response]:
    """Return a function that reads from the desk as an officer of a bureau."""

    def _read(
        path: str, *, client: str = "desk-hangzhou", operator: str | None = "li.na", **query: Any
    ) -> httpx.Response:
        headers = stack.as_client(client) | ({"X-Operator-Id": operator} if operator else {})
        return stack.http.get(f"{stack.intake}/v1/desk/{path}", headers=headers, params=query)

    return _read


def test_a_bureau_reads_the_escalations_of_the_sweep(
    stack: Stack, filing: Filing, read: Callable[..., httpx.Response]
) -> None:
    number = stack.post(filing(request=None)).json()["number"]
    stack.wait_until_routed(number)
    assert number not in {item["number"] for item in read("escalations").json()["items"]}
    _execute(stack, _LATER, number)

    def _escalations() -> list[dict[str, Any]] | None:
        items = read("escalations", limit=200).json()["items"]
        return [item for item in items if item["number"] == number] or None

    escalations = wait_for(_escalations, "the bureau is notified")
    assert {"acceptance", "claim"} <= {item["deadline"]["key"] for item in escalations}
    assert all("C330100" in item["notified_bureaus"] for item in escalations)
    event = stack.get(f"/v1/complaints/{number}").json()
    assert event["version"] > 2


def test_warnings_are_read_within_the_bureaus_sight(
    stack: Stack, read: Callable[..., httpx.Response]
) -> None:
    surge_id, carrier = uuid.uuid4(), f"T{uuid.uuid4().hex[:8]}"
    _execute(stack, _SURGE, surge_id, carrier)
    for client, sees in (("desk-hangzhou", True), ("desk-zhejiang", True), ("desk-national", True)):
        items = read("warnings", client=client, carrier_code=carrier, kind="CITY").json()["items"]
        assert [item["id"] for item in items] == [str(surge_id)] * sees
    assert read(f"warnings/{surge_id}").json()["cases"] == []
    assert_problem(read(f"warnings/{uuid.uuid4()}"), 404, "not-found")


@pytest.mark.parametrize("path", ["warnings", "escalations"])
@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"operator": None}, 400, "operator-missing"),
        ({"operator": "nobody"}, 403, "unknown-officer"),
        ({"client": "call-centre"}, 403, "forbidden"),
        ({"cursor": "x"}, 422, "invalid-cursor"),
        ({"limit": 1000}, 422, "invalid-input"),
        ({"since": "yesterday"}, 422, "invalid-input"),
        ({"unknown": "x"}, 422, "invalid-input"),
    ],
)
def test_what_cannot_be_read_is_a_problem(
    path: str, changes: dict[str, Any], status: int, code: str, read: Callable[..., httpx.Response]
) -> None:
    assert_problem(read(path, **changes), status, code)


def _execute(stack: Stack, sql: str, *parameters: Any) -> None:
    # the rows of the answer say how many were written: an UPDATE of nothing would prove nothing
    assert stack.query(f"{sql} RETURNING 1", *parameters)
