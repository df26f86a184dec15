"""The hotline's interface over HTTP: orders once, each region for itself, steps once, a feed without holes."""

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import orjson

from tests.intake_api.ordering import CHANGES, ORDERS, Headers, hangzhou, key_of, order, read, send
from tests.problems import assert_problem
from tests.running import Stack, wait_for

__all__ = ["hangzhou", "key_of", "read", "send"]
OFFICER = {"X-Operator-Id": "li.na"}


def test_an_order_is_taken_once_for_its_region(
    send: Callable[..., httpx.Response], key_of: Callable[[str], Headers]
) -> None:
    sent = order()
    first = send(ORDERS, sent)
    assert first.status_code == 201, first.text
    assert first.headers["location"] == f"{ORDERS}/{sent['order_no']}"
    assert "idempotent-replayed" not in first.headers
    assert first.json()["state"] == {"code": "WAITING", "name": "待签收"}
    for by in (None, key_of("330100")):
        again = send(ORDERS, sent, by=by)
        assert (again.status_code, again.content) == (201, first.content)
        assert again.headers["idempotent-replayed"] == "true"
    assert_problem(send(ORDERS, sent | {"content": "别的"}), 422, "order-number-reused")
    other = send(ORDERS, sent, by=key_of("440100"))
    assert other.json()["number"] != first.json()["number"]


def test_the_same_order_over_many_connections_makes_one_complaint(
    send: Callable[..., httpx.Response], stack: Stack, key_of: Callable[[str], Headers]
) -> None:
    sent, clients_of_it = order(), [None, key_of("330100")]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda n: send(ORDERS, sent, by=clients_of_it[n % 2]), range(24)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    taken = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in taken}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in taken) == 1
    stored = stack.query("SELECT count(*) FROM complaint WHERE external_ref = $1", sent["order_no"])
    assert stored[0][0] == 1


def test_a_region_sees_its_own_orders_only(
    send: Callable[..., httpx.Response], read: Callable[..., httpx.Response], key_of: Callable[[str], Headers]
) -> None:
    order_no = send(ORDERS, order()).json()["order_no"]
    foreign = key_of("650100")
    assert read(f"{ORDERS}/{order_no}").json()["order_no"] == order_no
    for lost in (
        read(f"{ORDERS}/{order_no}", by=foreign),
        send(f"{ORDERS}/{order_no}/urge", {}, by=foreign, idempotency_key=uuid.uuid4().hex),
        read(f"{ORDERS}/HZ-nobody"),
    ):
        assert_problem(lost, 404, "not-found")
    assert read(CHANGES, by=foreign).json()["items"] == []


def test_an_order_goes_through_the_desk_and_its_hotline_hears_of_it(
    stack: Stack, send: Callable[..., httpx.Response], read: Callable[..., httpx.Response]
) -> None:
    sent = order(kind="CONSULT", waybill="75312345678901")
    receipt = send(ORDERS, sent).json()
    number, path = receipt["number"], f"{ORDERS}/{sent['order_no']}"
    desk = stack.as_client("desk-hangzhou") | OFFICER

    def _version() -> str:
        [(version,)] = stack.query("SELECT version FROM complaint WHERE number = $1", number)
        return f'"{version}"'

    def _act(verb: str, **form: Any) -> httpx.Response:
        url = f"{stack.intake}/v1/desk/cases/{number}/{verb}"
        answer = stack.http.post(url, json=form, headers=desk | {"If-Match": _version()})
        assert answer.status_code == 200, answer.text
        return answer

    wait_for(
        lambda: (
            stack.query("SELECT 1 FROM complaint WHERE number = $1 AND routed_at IS NOT NULL", number) or None
        ),
        f"{number} routed",
    )
    _act("hotline-sign")
    assert read(path).json()["state"]["name"] == "办理中"
    total = read(path).json()["deadlines"]["total_due_at"]
    _act("hotline-extension", extend_to=total, reason="需要向企业核实")
    granted = send(
        f"{path}/extension",
        {"decision": "GRANTED", "due_at": total, "reason": "同意"},
        idempotency_key=uuid.uuid4().hex,
    )
    assert granted.status_code == 200, granted.text
    assert read(path).json()["deadlines"] == {
        "sign_due_at": read(path).json()["deadlines"]["sign_due_at"],
        "answer_due_at": total,
        "extension": "GRANTED",
        "extension_requested_to": total,
        "total_due_at": total,
    }
    _act("hotline-interim", answer="已转办企业核实。")
    _act("hotline-return", return_reason="OTHER", reason="经与来电人沟通，由本局直接答复。")
    seen = read(path).json()
    assert (seen["state"]["name"], seen["return_reason"], seen["status"]["code"]) == (
        "已退单",
        "OTHER",
        "RECEIVED",
    )
    assert [event["type"] for event in seen["messages"]] == [
        "order.extension_requested",
        "order.interim_answer",
        "order.returned",
    ]
    assert seen["persons"]["complainant"] == {"name": "王**", "phone": "138******00"}

    mine: list[dict[str, Any]] = []
    after = ""
    give_up = time.monotonic() + 15
    while len(mine) < 4 and time.monotonic() < give_up:
        page = read(f"{CHANGES}?limit=2{after}").json()
        mine += [event for event in page["items"] if event["data"]["number"] == number]
        after = f"&after={page['next']}"
    assert [event["type"] for event in mine] == [
        "order.signed",
        "order.extension_requested",
        "order.interim_answer",
        "order.returned",
    ]
    assert mine[2]["data"]["orders"] == [sent["order_no"]]
    assert mine[2]["data"]["texts"] == {"answer": "已转办企业核实。"}


def test_a_step_is_done_once_for_its_key(
    send: Callable[..., httpx.Response], read: Callable[..., httpx.Response]
) -> None:
    path = f"{ORDERS}/{send(ORDERS, order()).json()['order_no']}"
    assert_problem(send(f"{path}/urge", {}), 400, "request-key-missing")
    first = send(f"{path}/urge", {"note": "再次来电"}, idempotency_key="U-1")
    again = send(f"{path}/urge", {"note": "再次来电"}, idempotency_key="U-1")
    assert (first.status_code, again.content) == (200, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert_problem(send(f"{path}/urge", {"note": "别的"}, idempotency_key="U-1"), 422, "request-key-reused")
    assert read(path).json()["urged"] == 1
    supervised = send(f"{path}/supervise", {}, idempotency_key="S-1").json()
    assert supervised["level"] == "L2"
    withdrawn = send(f"{path}/withdraw", {"reason": "来电人撤诉"}, idempotency_key="W-1")
    assert withdrawn.json()["state"]["name"] == "已撤单"
    problem = assert_problem(send(f"{path}/urge", {}, idempotency_key="U-2"), 409, "order-ended")
    assert problem["state"] == "WITHDRAWN"


def test_orders_come_in_batches(send: Callable[..., httpx.Response]) -> None:
    rows = [order(), order(kind="NOTHING"), order(company_name=None)]
    body = b"\n".join(map(orjson.dumps, rows))
    answer = send(f"{ORDERS}/batch", body, content_type="application/x-ndjson")
    assert answer.status_code == 200, answer.text
    assert [result["status"] for result in answer.json()["results"]] == [201, 422, 201]
    again = send(f"{ORDERS}/batch", rows)
    assert [result["status"] for result in again.json()["results"]] == [200, 422, 200]
    notices = [notice["code"] for notice in again.json()["results"][2]["receipt"]["notices"]]
    assert notices == ["company-unknown"]


def test_other_keys_and_other_bodies_are_sent_away(
    stack: Stack, send: Callable[..., httpx.Response], read: Callable[..., httpx.Response]
) -> None:
    centre = stack.as_client("call-centre")
    assert_problem(send(ORDERS, order(), by=centre), 403, "forbidden")
    assert_problem(read(CHANGES, by=centre), 403, "forbidden")
    assert_problem(send(ORDERS, order(), authorization="Bearer sk_test_x_y_z"), 401, "unauthenticated")
    assert_problem(send(ORDERS, order(), content_type="text/plain"), 415)
    for query in ("after=nonsense", "limit=0", "limit=501", "colour=red"):
        assert_problem(read(f"{CHANGES}?{query}"), 422)


def test_the_description_knows_every_body(stack: Stack) -> None:
    described = stack.http.get(f"{stack.intake}/openapi.json").json()
    paths = {path: item for path, item in described["paths"].items() if path.startswith("/v1/hotline")}
    assert len(paths) == 12
    for item in paths.values():
        for operation in item.values():
            assert operation["summary"]
            body = operation.get("requestBody")
            if body is None:
                continue
            for content in body["content"].values():
                named = str(content["schema"]).partition("#/components/schemas/")[2].partition("'")[0]
                assert named in described["components"]["schemas"]
