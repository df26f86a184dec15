"""The whole stack for tests: real servers, real processes, real HTTP, on free ports under a folder of its own."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

from ops import migrate
from ops.stack import assembly
from ops.stack.environment import StackSettings
from ops.stack.servers import Addresses, Servers
from ops.stack.supervisor import Supervisor
from services.access import clients, data_keys
from services.delivery import endpoints
from shared.database import Database
from shared.privacy import keyring
from shared.privacy.keyring import KeyFile, KeyRing
from tests.openapi import described

ROOT = Path(__file__).parents[1]
Result = TypeVar("Result")


def _client() -> httpx.Client:
    """Return a client that fails where an operation answers a problem that its description does not list."""
    return httpx.Client(timeout=30, trust_env=False, event_hooks={"response": [described.check]})


@dataclass
class Stack:
    """A running stack: its servers, its supervised processes, and a client that speaks to it."""

    home: Path
    servers: Servers
    addresses: Addresses
    supervisor: Supervisor
    keys: dict[str, str]
    urls: dict[str, str]
    http: httpx.Client = field(default_factory=_client)

    @property
    def intake(self) -> str:
        """Return where complaints are taken."""
        return self.urls["intake_api"]

    @property
    def analytics(self) -> str:
        """Return where figures are answered."""
        return self.urls["analytics_api"]

    def as_client(self, name: str) -> dict[str, str]:
        """Return the header that a development client shows its key in."""
        return {"Authorization": f"Bearer {self.keys[name]}"}

    def post(self, filing: Any, *, client: str = "call-centre", key: str | None = None) -> httpx.Response:
        """File one complaint; without a key of its own each call is a new request."""
        headers = self.as_client(client) | {"Idempotency-Key": key or uuid.uuid4().hex}
        return self.http.post(f"{self.intake}/v1/complaints", json=filing, headers=headers)

    def get(self, path: str, *, client: str = "call-centre") -> httpx.Response:
        """Read from the intake API."""
        return self.http.get(f"{self.intake}{path}", headers=self.as_client(client))

    def wait_until_routed(self, number: str, *, seconds: float = 15) -> dict[str, Any]:
        """Return the case once it has its bureau; fails when it takes too long."""
        routed: dict[str, Any] = wait_for(
            lambda: case if (case := self.get(f"/v1/complaints/{number}").json())["routed_at"] else None,
            f"{number} routed",
            seconds=seconds,
        )
        return routed

    def query(self, sql: str, *parameters: Any) -> list[Any]:
        """Ask the database directly, past every role."""

        async def _ask(db: Database) -> list[Any]:
            async with db.transaction() as connection:
                return list(await connection.exec_driver_sql(sql, parameters))

        return self.use(_ask)

    def use(self, case: Callable[[Database], Coroutine[Any, Any, Result]]) -> Result:
        """Run a use case on the database of the stack, as its owner."""

        async def _go() -> Result:
            db = Database.connect(migrate.asyncpg_url(self.addresses.database_url), pool_size=1)
            try:
                return await case(db)
            finally:
                await db.close()

        return asyncio.run(_go())

    def use_keys(self, case: Callable[[Database, KeyRing], Coroutine[Any, Any, Result]]) -> Result:
        """Run a use case that seals or unseals."""

        async def _go(db: Database) -> Result:
            return await case(db, await data_keys.ring(db, self.key_file))

        return self.use(_go)

    @property
    def key_file(self) -> KeyFile:
        """The keys that the stack began with."""
        return keyring.read(self.home / "keys.json")

    def new_client(self, kind: str, *scopes: str, **more: Any) -> clients.NewKey:
        """Make one more client."""
        client: dict[str, Any] = {"name": f"{kind}-{uuid.uuid4().hex}", "per_minute": 60_000} | more
        return self.use(
            lambda db: clients.create(
                db, kind=kind, scopes=scopes, actor="tests", key_file=self.key_file, **client
            )
        )

    @contextlib.contextmanager
    def registered(self, audience: str, url: str) -> Iterator[str]:
        """Register an address for an audience, for so long; gives its secret."""
        new = self.use_keys(
            lambda db, ring: endpoints.register(
                db, ring, audience=audience, url=url, development=True, actor="tests"
            )
        )
        try:
            yield new.secret
        finally:
            # first nothing more is told there, then what was told goes
            for sql in (
                "UPDATE endpoint SET state = 'DISABLED' WHERE audience = $1 RETURNING 1",
                "DELETE FROM delivery WHERE endpoint_id IN (SELECT id FROM endpoint WHERE audience = $1) RETURNING 1",
                "DELETE FROM endpoint WHERE audience = $1 RETURNING 1",
            ):
                self.query(sql, audience)


def wait_for(read: Callable[[], Any], what: str, *, seconds: float = 15) -> Any:
    """Return what `found` returns once it is something; fails when it takes too long."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        with contextlib.suppress(httpx.HTTPError, OSError):
            if (value := read()) is not None:
                return value
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


@contextlib.contextmanager
def running(
    home: Path,
    *,
    durable: bool = True,
    lease: timedelta = timedelta(seconds=2),
    environment: Mapping[str, str] | None = None,
) -> Iterator[Stack]:
    """Run a whole stack under a folder; everything it started is ended with the block."""
    settings = StackSettings.apart(home)
    often = {
        "SHENSU_LEASE_SECONDS": str(lease.total_seconds()),
        "SHENSU_SWEEP_SECONDS": "0.5",
        "SHENSU_INTERIM_SECONDS": "0.5",
        **(environment or {}),
    }
    with assembly.assembled(settings, actor="tests", durable=durable, environment=often) as up:
        urls = {service.name: service.url for service in up.supervisor.services}
        stack = Stack(home, up.servers, up.addresses, up.supervisor, up.keys, urls)
        yield stack
        stack.http.close()
