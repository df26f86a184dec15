"""What a client may learn of others: nothing, not even that somebody filed the same before."""

from collections.abc import Callable
from typing import Any

from tests.running import Stack

Filing = Callable[..., dict[str, Any]]
ITEM = {"item": {"waybill": "75777000111222"}}


def test_an_explanation_does_not_name_the_case_of_another_client(stack: Stack, filing: Filing) -> None:
    first = stack.post(filing(**ITEM)).json()["number"]
    stack.wait_until_routed(first)
    second = stack.post(filing(**ITEM, channel="WEB"), client="web-form").json()["number"]
    stack.wait_until_routed(second)

    to_its_client = stack.get(f"/v1/complaints/{second}/explanation", client="web-form")
    assert first not in to_its_client.text
    assert "same_matter_number" not in to_its_client.json()["facts"]
    assert to_its_client.json()["admission"]["proposed_ground"] == "DUPLICATE"
    to_the_desk = stack.get(f"/v1/complaints/{second}/explanation", client="bureau-desk")
    assert to_the_desk.json()["facts"]["same_matter_number"] == first


def test_the_methods_of_an_address_are_named_whole(stack: Stack) -> None:
    answer = stack.http.delete(f"{stack.intake}/v1/complaints", headers=stack.as_client("call-centre"))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST, HEAD")
