"""Refusals over HTTP: whatever an endpoint raises is a problem that says what to do, and faults show nothing of theirs."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Query
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from structlog.testing import capture_logs

from shared.errors import ConflictError, UnavailableError
from shared.http import problems
from shared.http.middleware import Middleware
from tests.problems import assert_problem

Run = Callable[[Coroutine[Any, Any, Any]], Any]
CANARY = "kanarienvogel"


class _DriverError(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(CANARY)
        self.sqlstate = sqlstate


def _failed(sqlstate: str) -> DBAPIError:
    return DBAPIError(f"SELECT {CANARY}", None, _DriverError(sqlstate))


@pytest.fixture
def answer(run: Run) -> Callable[..., httpx.Response]:
    """Return a function that asks an application whose one operation raises an error."""

    def _answer(
        error: Exception | None = None, path: str = "/things", *, method: str = "GET"
    ) -> httpx.Response:
        app = FastAPI()
        problems.install(app, RequestValidationError)

        async def _read(limit: Annotated[int, Query(le=5)] = 1) -> int:
            if error is not None:
                raise error
            return limit

        app.add_api_route("/things", _read)
        app.add_api_route("/things", _read, methods=["POST"])

        async def _send() -> httpx.Response:
            # a fault of ours is answered, and then raised once more for the server's log
            transport = httpx.ASGITransport(Middleware(app), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://shensu") as client:
                return await client.request(method, path)

        response: httpx.Response = run(_send())
        return response

    return _answer


def test_a_business_error_is_rendered_with_its_members_and_when_to_come_again(
    answer: Callable[..., httpx.Response],
) -> None:
    refusal = answer(ConflictError("The case is closed; it can be reopened.", members={"version": 7}))
    assert assert_problem(refusal, 409, "conflict")["version"] == 7
    assert "retry-after" not in refusal.headers
    later = answer(UnavailableError("The store does not answer; send it again.", retry_after=5))
    assert assert_problem(later, 503, "unavailable")["retryable"]
    assert later.headers["retry-after"] == "5"


@pytest.mark.parametrize("value", [CANARY, "6"])
def test_a_parameter_that_is_refused_is_named(value: str, answer: Callable[..., httpx.Response]) -> None:
    refusal = answer(path=f"/things?limit={value}")
    problem = assert_problem(refusal, 422, "invalid-input", canary=CANARY)
    assert [fault["pointer"] for fault in problem["errors"]] == ["/query/limit"]


@pytest.mark.parametrize(("status", "code"), [(404, "not-found"), (413, "http-error"), (418, "http-error")])
def test_a_refusal_of_the_framework_is_a_problem(
    status: int, code: str, answer: Callable[..., httpx.Response]
) -> None:
    error = HTTPException(status, CANARY, {"X-More": "kept"})
    refusal = answer(error)
    assert_problem(refusal, status, code, canary=CANARY)
    assert refusal.headers["x-more"] == "kept"


def test_an_address_and_a_method_that_there_is_not(answer: Callable[..., httpx.Response]) -> None:
    assert_problem(answer(path=f"/{CANARY}"), 404, "not-found", canary=CANARY)
    refusal = answer(method="DELETE")
    assert_problem(refusal, 405, "method-not-allowed")
    assert refusal.headers["allow"] == "GET, POST, HEAD"


@pytest.mark.parametrize(
    "error",
    [
        _failed("57P01"),
        _failed("55P03"),
        _failed("57014"),
        PoolTimeoutError(),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
    ids=["server away", "locked", "too slow", "pool", "refused", "timeout"],
)
def test_a_database_that_does_not_answer_is_worth_another_try(
    error: Exception, answer: Callable[..., httpx.Response]
) -> None:
    with capture_logs() as logs:
        refusal = answer(error)
    assert assert_problem(refusal, 503, "unavailable", canary=CANARY)["retryable"]
    assert refusal.headers["retry-after"] == "1"
    [log] = [log for log in logs if log["log_level"] == "warning"]
    assert (log["event"], log["request_id"]) == ("database_unavailable", refusal.headers["x-request-id"])


@pytest.mark.parametrize("error", [_failed("23505"), ZeroDivisionError(CANARY)], ids=["statement", "fault"])
def test_a_fault_of_ours_is_logged_under_the_request_id_and_shows_nothing(
    error: Exception, answer: Callable[..., httpx.Response]
) -> None:
    with capture_logs() as logs:
        refusal = answer(error)
    assert_problem(refusal, 500, "internal-error", canary=CANARY)
    [log] = [log for log in logs if log["log_level"] == "error"]
    assert (log["event"], log["exc_info"]) == ("unexpected_error", error)
    assert log["request_id"] == refusal.headers["x-request-id"]
