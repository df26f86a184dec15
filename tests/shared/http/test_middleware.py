"""The outermost layer: a request id, safe headers and one line of log for every request, and nothing that was sent."""

from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared.http.middleware import METHOD_SENT, Middleware

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Send = Callable[..., httpx.Response]
CANARY = "kanarienvogel"


@pytest.fixture
def send(run: Run) -> Send:
    """Return a function that sends a request to a small application inside the layer."""
    app = FastAPI()

    async def _read(request: Request, number: str) -> Response:
        request.scope.update({"shensu.client": "a client", "shensu.per_minute": 10})
        return Response(number, headers={"X-Methods": f"{request.method} {request.scope.get(METHOD_SENT)}"})

    async def _keep() -> Response:
        return Response(headers={"Cache-Control": "private, no-cache"})

    async def _break() -> Response:
        raise ZeroDivisionError

    app.add_api_route("/things/{number}", _read)
    app.add_api_route("/kept", _keep)
    app.add_api_route("/broken", _break)

    async def _send(method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(Middleware(app))
        async with httpx.AsyncClient(transport=transport, base_url="http://shensu") as client:
            return await client.request(method, path, headers=headers)

    return lambda path, *, method="GET", **headers: run(
        _send(method, path, {name.replace("_", "-"): value for name, value in headers.items()})
    )


@pytest.mark.parametrize("request_id", ["a-b_c.9", "x" * 64])
def test_a_harmless_request_id_is_kept(request_id: str, send: Send) -> None:
    assert send("/kept", x_request_id=request_id).headers["x-request-id"] == request_id


@pytest.mark.parametrize("request_id", ["", "x" * 65, "a b", "<script>", "a=b"])
def test_another_request_id_is_replaced_by_a_new_one(request_id: str, send: Send) -> None:
    ids = {send("/kept", x_request_id=request_id).headers["x-request-id"] for _ in range(2)}
    assert len(ids) == 2
    assert request_id not in ids
    assert all(len(made) == 16 for made in ids)


def test_every_answer_has_safe_headers_and_keeps_its_own(send: Send) -> None:
    headers = send("/unknown").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert (headers["referrer-policy"], headers["x-frame-options"]) == ("no-referrer", "DENY")
    assert headers.get_list("cache-control") == ["no-store"]
    assert send("/kept").headers.get_list("cache-control") == ["private, no-cache"]


def test_a_client_learns_its_rate(send: Send) -> None:
    assert send("/things/1").headers["x-ratelimit-limit"] == "10"
    assert "x-ratelimit-limit" not in send("/kept").headers


def test_a_head_is_served_as_a_get_and_logged_as_it_was_sent(send: Send) -> None:
    with capture_logs() as logs:
        assert send("/things/1", method="HEAD").headers["x-methods"] == "GET HEAD"
    assert [log["method"] for log in logs] == ["HEAD"]


def test_a_request_is_logged_and_counted_by_its_route_and_never_by_its_path(send: Send) -> None:
    route = "/things/{number}"
    count = ("shensu_http_requests_total", {"method": "GET", "route": route, "status": "200"})
    before = REGISTRY.get_sample_value(*count) or 0
    with capture_logs() as logs:
        answer = send(f"/things/{CANARY}?q={CANARY}", x_request_id="a-request")
        send(f"/{CANARY}")
    assert CANARY in answer.text
    assert CANARY not in str(logs)
    assert [(log["route"], log["status"]) for log in logs] == [(route, 200), ("unmatched", 404)]
    assert (logs[0]["request_id"], logs[0]["client"]) == ("a-request", "a client")
    assert REGISTRY.get_sample_value(*count) == before + 1


def test_a_request_that_breaks_is_logged_as_a_fault(send: Send) -> None:
    with capture_logs() as logs, pytest.raises(ZeroDivisionError):
        send("/broken")
    assert [(log["route"], log["status"]) for log in logs] == [("/broken", 500)]


def test_what_is_no_request_passes(run: Run) -> None:
    seen: list[str] = []

    async def _app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["type"])

    async def _nothing(*_: object) -> Any:
        return None

    run(Middleware(_app)({"type": "lifespan"}, _nothing, _nothing))
    assert seen == ["lifespan"]
