"""Hot routes skip the layers of the framework and answer as with them; other methods and addresses go through them."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from intake_api.http.hot_routes import HotRoutes
from intake_api.http.raw import RawRoute
from shared.errors import InvalidInputError
from shared.http import problems
from tests.asgi import Ask, serving

Run = Callable[[Coroutine[Any, Any, Any]], Any]
router = APIRouter(prefix="/v1/things", route_class=RawRoute)
others = APIRouter(prefix="/v1/things")


@router.post("")
async def make(request: Request) -> Response:
    """Answer by the body."""
    body = await request.body()
    if body == b"bad":
        raise InvalidInputError("It is bad.")
    if body == b"broken":
        raise RuntimeError("secret")
    return Response(request.scope["route"].path, 201)


@others.get("/named")
async def read_named() -> Response:
    """Answer with a name."""
    return Response("named")


class Counting:
    """Counts the requests that go through the layers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count, and pass on."""
        self.count += 1
        await self.app(scope, receive, send)


class Api(FastAPI):
    """An application with hot routes."""

    def build_middleware_stack(self) -> ASGIApp:
        """Put the counter between the hot routes and the layers."""
        self.layers = Counting(super().build_middleware_stack())
        return HotRoutes(self.layers, self, router.routes)


@pytest.fixture
def api() -> Api:
    """Return the application."""
    made = Api()
    problems.install(made, RequestValidationError)
    made.include_router(router)
    made.include_router(others)
    return made


@pytest.fixture
def ask(api: Api, run: Run) -> Iterator[Ask]:
    """Return a function that sends a request."""
    with serving(api, run) as function:
        yield function


def test_a_hot_route_is_answered_without_the_layers(api: Api, ask: Ask) -> None:
    answer = ask("/v1/things", method="POST", content=b"good")
    assert (answer.status_code, answer.text, answer.headers["X-Content-Type-Options"]) == (
        201,
        "/v1/things",
        "nosniff",
    )
    assert api.layers.count == 0


@pytest.mark.parametrize(
    ("body", "status", "code"), [(b"bad", 422, "invalid-input"), (b"broken", 500, "internal-error")]
)
def test_faults_are_answered_by_the_handlers(body: bytes, status: int, code: str, api: Api, ask: Ask) -> None:
    answer = ask("/v1/things", method="POST", content=body)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["request_id"]) == (
        status,
        code,
        answer.headers["X-Request-ID"],
    )
    assert "secret" not in answer.text
    assert api.layers.count == 0


def test_all_else_goes_through_the_layers(api: Api, ask: Ask) -> None:
    refused = ask("/v1/things")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "POST")
    assert ask("/v1/things/named").text == "named"
    assert ask("/v1/thing", method="POST").status_code == 404
    assert api.layers.count == 3
