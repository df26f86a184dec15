"""The sandbox against the running stack: a carrier of its own, whose feed nobody else writes to."""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx
import pytest

from ops import migrate
from ops.sandbox.api import ApiKey, CarrierApi
from services import clients
from shared.database import Database
from shared.privacy import keyring
from tests.running import Stack, wait_for

CARRIER = "YD"
Result = TypeVar("Result")


def with_db(stack: Stack, use: Callable[[Database], Any]) -> Any:
    """Run a use case on the stack's database."""

    async def _go() -> Any:
        db = Database.connect(migrate.asyncpg_url(stack.addresses.database_url), pool_size=1)
        try:
            return await use(db)
        finally:
            await db.close()

    return asyncio.run(_go())


@pytest.fixture(scope="module")
def carrier_client(stack: Stack) -> clients.NewKey:
    """Return a client of the carrier that the sandbox plays."""
    found: clients.NewKey = with_db(
        stack,
        lambda db: clients.create(
            db, name=f"sandbox-{uuid.uuid4().hex}", kind="carrier", scopes=("carrier:exchange",), actor="tests",
            carrier_code=CARRIER, per_minute=60_000, key_file=keyring.read(stack.home / "keys.json"),
        ),
    )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def api(stack: Stack, carrier_client: clients.NewKey) -> Iterator[CarrierApi]:
    """Return what speaks to the platform for the carrier."""
    with CarrierApi(stack.intake, ApiKey(carrier_client.key)) as found:
        yield found


@pytest.fixture
def case_of(stack: Stack) -> Callable[[str], dict[str, Any]]:
    """Return a function that reads a case as the call centre sees it."""

    def _case(number: str) -> dict[str, Any]:
        found: dict[str, Any] = stack.get(f"/v1/complaints/{number}").json()
        return found

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
            "X-Operator-Id": "li.na", "If-Match": f'"{case_of(number)["version"]}"',
        }  # fmt: skip
        form = {"ground": "ACCOUNT_DIFFERS", "reason": "用户称无人联系。", "untruthful": True}
        url = f"{stack.intake}/v1/desk/cases/{number}/rework"
        answer: httpx.Response = stack.http.post(url, json=form, headers=headers)
        assert answer.status_code == 200, answer.text

    return _rework
