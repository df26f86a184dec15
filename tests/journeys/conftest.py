"""The carriers of the journeys: each journey has one of its own, played by the sandbox and told by signed webhooks."""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest

from ops.sandbox.api import ApiKey, CarrierApi
from ops.sandbox.behaviours import Behaviour
from ops.sandbox.carrier import Sandbox
from tests.journeys.living import Filed, Life, file
from tests.running import Stack

Playing = Callable[..., AbstractContextManager[Sandbox]]


@pytest.fixture
def playing(stack: Stack) -> Playing:
    """Return a context manager that plays a carrier, known to the platform by its address and told of its cases."""

    @contextlib.contextmanager
    def _play(code: str, behaviour: Behaviour, **more: Any) -> Iterator[Sandbox]:
        client = stack.new_client("carrier", "carrier:exchange", carrier_code=code)
        with (
            CarrierApi(stack.intake, ApiKey(client.key)) as api,
            Sandbox(api, behaviour=behaviour, **more) as carrier,
            stack.registered(f"carrier:{code}", carrier.url) as secret,
        ):
            carrier.secrets.append(secret)
            yield carrier

    return _play


class Hotline:
    """The platform of Hangzhou's 12345 hotline."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """Post to the exchange, each step under a key of its own."""
        headers = self._stack.as_client("hotline-hangzhou") | {"Idempotency-Key": uuid.uuid4().hex}
        return self._stack.http.post(f"{self._stack.intake}/v1/hotline/{path}", json=body, headers=headers)

    def order(self, order_no: str) -> dict[str, Any]:
        """Read how an order stands."""
        answer = self._stack.get(f"/v1/hotline/orders/{order_no}", client="hotline-hangzhou")
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page

    def changes(self) -> list[dict[str, Any]]:
        """Pull the whole feed of the region."""
        events: list[dict[str, Any]] = []
        after = ""
        while True:
            page = self._stack.get(f"/v1/hotline/changes{after}", client="hotline-hangzhou").json()
            if not page["items"]:
                return events
            events += page["items"]
            after = f"?after={page['next']}"


@pytest.fixture
def hotline(stack: Stack) -> Hotline:
    """Return the platform of Hangzhou's hotline."""
    return Hotline(stack)


@pytest.fixture
def filed(stack: Stack, filing: Callable[..., dict[str, Any]]) -> Filed:
    """Return a function that files a complaint and follows it."""

    def _filed(**changes: Any) -> Life:
        return file(stack, filing, **changes)

    return _filed
