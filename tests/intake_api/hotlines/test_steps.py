"""The steps of a hotline with its order: each is done once for its key, and needs one."""

from collections.abc import Callable

import httpx

from tests.intake_api.ordering import ORDERS, hangzhou, order, send
from tests.problems import assert_problem

__all__ = ["hangzhou", "send"]


def test_a_step_is_done_once_for_its_key(send: Callable[..., httpx.Response]) -> None:
    sent = order()
    assert send(ORDERS, sent).status_code == 201
    address = f"{ORDERS}/{sent['order_no']}/urge"
    first = send(address, {"note": "催办"}, idempotency_key="urge-1")
    assert first.status_code == 200, first.text
    again = send(address, {"note": "催办"}, idempotency_key="urge-1")
    assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
    assert_problem(send(address, {"note": "别的"}, idempotency_key="urge-1"), 422, "request-key-reused")


def test_a_step_needs_a_key_a_form_and_an_order_of_the_region(send: Callable[..., httpx.Response]) -> None:
    sent = order()
    assert send(ORDERS, sent).status_code == 201
    address = f"{ORDERS}/{sent['order_no']}"
    assert_problem(send(f"{address}/urge", {}), 400, "request-key-missing")
    assert_problem(send(f"{address}/redo", {}, idempotency_key="redo-1"), 422, "invalid-input")
    unknown = send(f"{ORDERS}/nowhere-1/urge", {}, idempotency_key="urge-1")
    assert_problem(unknown, 404, "not-found")
