"""The sandbox against the running stack: a carrier of its own, whose feed nobody else writes to."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from ops.sandbox.api import ApiKey, CarrierApi
from services.access import clients
from tests.running import Stack, wait_for

CARRIER = "YD"


@pytest.fixture(scope="module")
def carrier_client(stack: Stack) -> clients.NewKey:
    """Return a client of the carrier that the sandbox plays."""
    return stack.new_client("carrier", "carrier:exchange", carrier_code=CARRIER)


@pytest.fixture(scope="module")
def api(stack: Stack, carrier_client: clients.NewKey) -> Iterator[CarrierApi]:
    """Return what speaks to the platform for the carrier."""
    with CarrierApi(stack.intake, ApiKey(carrier_client.key)) as api:
        yield api


@pytest.fixture
def case_of(stack: Stack) -> Callable[[str], dict[str, Any]]:
    """Return a function that reads a case as the call centre sees it."""

    def _case(number: str) -> dict[str, Any]:
        case: dict[str, Any] = stack.get(f"/v1/complaints/{number}").json()
        return case

    return _case


@pytest.fixture
def forwarded(
    stack: Stack, filing: Callable[..., dict[str, Any]], case_of: Callable[[str], dict[str, Any]]
) -> Callable[..., str]:
    """Return a function that files a complaint against the carrier and waits until it was forwarded."""

    def _forwarded(**changes: Any) -> str:
        item = {"waybill": f"43{uuid.uuid4().int % 10**13:013d}"}
        filed = stack.post(filing(carrier_code=CARRIER, **({"item": item} | changes)))
        assert filed.status_code == 201, filed.text
        number: str = filed.json()["number"]
        wait_for(lambda: case_of(number)["forwarded_at"], f"{number} forwarded")
        return number

    return _forwarded


@pytest.fixture
def send_back(stack: Stack, case_of: Callable[[str], dict[str, Any]]) -> Callable[[str], None]:
    """Return a function that sends a reply back, as Hangzhou's officer does."""

    def _rework(number: str) -> None:
        headers = stack.as_client("desk-hangzhou") | {
            "X-Operator-Id": "li.na",
            "If-Match": f'"{case_of(number)["version"]}"',
        }
        form = {"ground": "ACCOUNT_DIFFERS", "reason": "用户称无人联系。", "untruthful": True}
        url = f"{stack.intake}/v1/desk/cases/{number}/rework"
        answer: httpx.Response = stack.http.post(url, json=form, headers=headers)
        assert answer.status_code == 200, answer.text

    return _rework
