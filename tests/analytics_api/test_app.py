"""The analytics application put together: its operations and no page more, its refusals problems."""

from collections.abc import Callable

import httpx
import pytest

from tests.problems import assert_problem

Get = Callable[..., httpx.Response]
CIRCULAR = "/v1/circulars/2021-03"


@pytest.mark.parametrize(
    ("path", "method", "status", "code"),
    [
        ("/v2/figures", "GET", 404, "not-found"),
        ("/docs", "GET", 404, "not-found"),
        ("/v1/definitions/", "GET", 404, "not-found"),
        (CIRCULAR, "POST", 405, "method-not-allowed"),
    ],
)
def test_other_addresses_and_methods_are_refused(
    get: Get, path: str, method: str, status: int, code: str
) -> None:
    assert_problem(get(path, method=method), status, code)


def test_every_operation_of_figures_needs_a_key_and_every_other_none(get: Get) -> None:
    paths = get("/openapi.json").json()["paths"]
    statuses = {
        path: get(path.format(period="2021-03"), authorization="").status_code for path in sorted(paths)
    }
    assert {path for path, status in statuses.items() if status == 401} == {
        path for path in paths if path.startswith("/v1/")
    }
    assert {status for path, status in statuses.items() if not path.startswith("/v1/")} == {200}
