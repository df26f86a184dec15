"""What tests of the hotlines' interface share: an order, clients of any region, and ways to send and to read."""

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest

from tests.running import Stack

ORDERS, CHANGES = "/v1/hotline/orders", "/v1/hotline/changes"
Headers = dict[str, str]


@pytest.fixture(scope="module")
def key_of(stack: Stack) -> Callable[[str], Headers]:
    """Return a function that makes one more client of a region's hotline, and gives the header of its key."""

    def _make(region: str) -> Headers:
        new = stack.new_client("portal", "hotline:exchange", region_code=region)
        return {"Authorization": f"Bearer {new.key}"}

    return _make


@pytest.fixture(scope="module")
def hangzhou(stack: Stack) -> Headers:
    """Return the header of Hangzhou's hotline."""
    return stack.as_client("hotline-hangzhou")


def order(**changes: Any) -> dict[str, Any]:
    """Return a good order under a number of its own; a change of None leaves the field out."""
    plain: dict[str, Any] = {
        "order_no": f"HZ-{uuid.uuid4().hex}",
        "kind": "COMPLAIN",
        "content": "快件显示已签收，本人并未收到。",
        "request": "请企业赔偿。",
        "caller": {"name": "王小明", "phone": "13800138000"},
        "company_name": "杭州中通快递有限公司",
        "issue_code": "DELIVERY_SERVICE",
        "place": {"region_code": "330106"},
        "enterprise_complaint": {"outcome": "DISSATISFIED"},
    }
    return {name: value for name, value in (plain | changes).items() if value is not None}


@pytest.fixture
def send(stack: Stack, hangzhou: Headers) -> Callable[..., httpx.Response]:
    """Return a function that posts a body to the hotline's interface."""

    def _send(path: str, body: Any, *, by: Headers | None = None, **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        key = {name.lower(): value for name, value in (by or hangzhou).items()}
        sent = {"content-type": "application/json", **key, **more}
        return stack.http.post(f"{stack.intake}{path}", content=content, headers=sent)

    return _send


@pytest.fixture
def read(stack: Stack, hangzhou: Headers) -> Callable[..., httpx.Response]:
    """Return a function that reads from the hotline's interface."""

    def _read(path: str, *, by: Headers | None = None) -> httpx.Response:
        return stack.http.get(f"{stack.intake}{path}", headers=by or hangzhou)

    return _read
