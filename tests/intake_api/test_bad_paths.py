"""What no identifier can be, in any path or query: refused like an unknown one, and never a fault of ours."""

import re

import httpx
import pytest
from pydantic import SecretStr

from intake_api.app import create_app
from shared.settings import Settings
from tests.problems import assert_problem
from tests.running import Stack

_APP = create_app(Settings(database_url=SecretStr("postgresql://nobody@127.0.0.1/nothing")))
_PATHS = _APP.openapi()["paths"]
_SCOPES = (
    "complaint:read",
    "complaint:read:all",
    "complaint:write",
    "desk:work",
    "desk:unmask",
    "carrier:exchange",
    "hotline:exchange",
    "import:write",
    "reference:read",
)
NUL, JSON = "a%00b", "application/json"


def _asked(*methods: str) -> list[tuple[str, str]]:
    return [
        (method, re.sub(r"\{\w+\}", NUL, path))
        for path, operations in _PATHS.items()
        for method in methods
        if "{" in path and method.lower() in operations
    ]


def _queries() -> list[tuple[str, str]]:
    return [
        (path, parameter["name"])
        for path, operations in _PATHS.items()
        for parameter in operations.get("get", {}).get("parameters", ())
        if parameter["in"] == "query" and "{" not in path
    ]


@pytest.fixture(scope="module")
def key(stack: Stack) -> dict[str, str]:
    """Return the headers of a client that may do everything, for a bureau, an enterprise and a hotline."""
    new = stack.new_client(
        "carrier", *_SCOPES, bureau_code="C330100", carrier_code="ZTO", region_code="330100"
    )
    return {"Authorization": f"Bearer {new.key}", "X-Operator-Id": "li.na"}


def test_there_are_such_routes() -> None:
    assert len(_asked("GET")) > 10
    assert ("GET", f"/v1/hotline/orders/{NUL}") in _asked("GET")


@pytest.mark.parametrize(("method", "path"), _asked("GET"))
def test_a_path_that_names_nothing_is_not_found(
    method: str, path: str, stack: Stack, key: dict[str, str]
) -> None:
    answer = _send(stack, method, path, key)
    assert_problem(answer, 422 if answer.status_code == 422 else 404)


@pytest.mark.parametrize(("method", "path"), _asked("POST", "PUT", "PATCH", "DELETE"))
def test_nor_is_a_step_with_it_a_fault_of_ours(
    method: str, path: str, stack: Stack, key: dict[str, str]
) -> None:
    answer = _send(stack, method, path, key)
    assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize(("path", "name"), _queries())
def test_a_parameter_that_names_nothing_is_refused(
    path: str, name: str, stack: Stack, key: dict[str, str]
) -> None:
    assert_problem(_send(stack, "GET", f"{path}?{name}={NUL}", key), 422)


def _send(stack: Stack, method: str, path: str, key: dict[str, str]) -> httpx.Response:
    content, headers = None, key
    if method != "GET":
        content = b"{}"
        headers = key | {"Content-Type": JSON, "If-Match": '"1"', "Idempotency-Key": path}
    return stack.http.request(method, f"{stack.intake}{path}", headers=headers, content=content)
