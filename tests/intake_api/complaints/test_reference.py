"""Reference data by REST: each list is whole, versioned, and not sent again unchanged."""

import pytest

from tests.running import Stack

LISTS = {
    "regions": 3200,
    "abolished_regions": 3000,
    "bureaus": 365,
    "carriers": 40,
    "issues": 30,
    "refusal_grounds": 11,
    "close_reasons": 7,
    "levels": 4,
    "workdays": 2557,
    "deadlines": 5,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_whole_and_versioned(name: str, stack: Stack) -> None:
    answer = stack.get(f"/v1/reference/{name}")
    assert answer.status_code == 200
    assert len(answer.json()["items"]) >= LISTS[name]
    again = stack.http.get(
        f"{stack.intake}/v1/reference/{name}",
        headers=stack.as_client("call-centre") | {"If-None-Match": answer.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


def test_the_lists_are_named(stack: Stack) -> None:
    assert stack.get("/v1/reference").json()["lists"].keys() == LISTS.keys()


def test_a_list_that_is_not_there(stack: Stack) -> None:
    assert stack.get("/v1/reference/secrets").json()["code"] == "not-found"


def test_reference_data_needs_its_scope(stack: Stack) -> None:
    assert stack.get("/v1/reference/regions", client="dashboard").status_code == 403
