"""One verb for many cases: each with its own version and result, and what the rate of the client allows."""

from collections.abc import Callable

from tests.problems import assert_problem
from tests.running import Stack


def test_many_at_once_each_for_itself(stack: Stack, waiting: Callable[..., tuple[str, int]]) -> None:
    cases = [waiting() for _ in range(3)]
    stale = cases[1]
    items = [{"number": number, "version": version} for number, version in cases]
    items[1]["version"] = 1
    items.append({"number": "20260101000000000", "version": 1})
    headers = stack.as_client("desk-hangzhou") | {"X-Operator-Id": "wang.wei"}
    body = {"verb": "claim", "items": items}
    answered = stack.http.post(f"{stack.intake}/v1/desk/bulk", json=body, headers=headers).json()
    assert (answered["done"], answered["refused"]) == (2, 2)
    assert [result["status"] for result in answered["results"]] == [200, 412, 200, 404]
    assert answered["results"][1]["number"] == stale[0]
    assert answered["results"][0]["case"]["claimed_by"] == "C330100/wang.wei"
    for wrong in (
        {"verb": "fly", "items": items},
        {"verb": "claim", "items": []},
        {"verb": "note", "items": items},
    ):
        refused = stack.http.post(f"{stack.intake}/v1/desk/bulk", json=wrong, headers=headers)
        problem = assert_problem(refused, 422, "invalid-input")
        pointers = {fault["pointer"] for fault in problem["errors"]}
        assert pointers <= {"/verb", "/items", "/form/note"}, pointers


def test_each_case_of_a_bulk_act_counts_against_the_rate_of_the_client(stack: Stack) -> None:
    key = stack.new_client("bureau", "desk:work", bureau_code="C330100", per_minute=6).key
    headers = {"Authorization": f"Bearer {key}", "X-Operator-Id": "li.na"}
    items = [{"number": "20260101000000000", "version": version} for version in range(1, 4)]
    url, body = f"{stack.intake}/v1/desk/bulk", {"verb": "claim", "items": items}
    for _ in range(2):
        answered = stack.http.post(url, json=body, headers=headers)
        assert [result["status"] for result in answered.json()["results"]] == [404, 404, 404]
    assert_problem(stack.http.post(url, json=body, headers=headers), 429, "rate-limited")
