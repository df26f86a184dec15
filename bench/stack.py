"""A stack to be measured: durable servers and the three services, on free ports, under a folder that goes afterwards."""

import asyncio
import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from ops import migrate
from ops.stack import development, processes, supervisor
from ops.stack.environment import StackSettings
from ops.stack.servers import Addresses, Servers
from services.access import data_keys
from services.reference import loader
from shared.database import Database
from shared.privacy import keyring

ROOT = Path(__file__).parents[1]
INTAKE, ANALYTICS, WORKER = "intake_api", "analytics_api", "routing_worker"
_READY_SECONDS = 60.0


@dataclass
class Stack:
    """A stack under measurement. Services are started and stopped one by one; no supervisor looks after them."""

    home: Path
    servers: Servers
    addresses: Addresses
    keys: dict[str, str]
    ports: dict[str, int]
    environment: dict[str, str]
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def url(self, name: str) -> str:
        """Return the address of a service."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def start(self, *names: str, wait: bool = True) -> None:
        """Start services; with `wait`, return when each says that it is ready (or degraded)."""
        for name in names:
            self.children[name] = processes.spawn(
                (sys.executable, "-m", name),
                self.home / "logs" / f"{name}.log",
                environment=self.environment,
                cwd=ROOT,
            )
        if wait:
            self.wait(lambda: all(self._is_ready(name) for name in names), f"ready: {', '.join(names)}")

    def _is_ready(self, name: str) -> bool:
        return supervisor.readiness(self.url(name)) in {"ready", "degraded"}

    def stop(self, *names: str) -> None:
        """Stop services; what they have in hand is finished first."""
        for name in names:
            processes.stop(self.children.pop(name, None), signal.SIGTERM, seconds=20)

    def wait(
        self, done: Callable[[], bool], what: str, *, seconds: float = _READY_SECONDS, every: float = 0.05
    ) -> None:
        """Wait until something holds, asking `every` so many seconds. Raises TimeoutError that names it."""
        give_up = time.monotonic() + seconds
        while not done():
            if time.monotonic() > give_up:
                raise TimeoutError(f"not within {seconds:.0f} s: {what} (logs in {self.home / 'logs'})")
            time.sleep(every)

    def query(self, sql: str, *parameters: Any) -> list[Any]:
        """Ask the database directly, past every role."""
        return asyncio.run(self._query(sql, parameters))

    def execute(self, *statements: str) -> None:
        """Run statements one by one."""
        for statement in statements:
            self.query(statement)

    async def connect(self) -> Any:
        """Open a connection of one's own to the database."""
        return await asyncpg.connect(self.addresses.database_url)

    async def _query(self, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
        connection = await self.connect()
        try:
            return list(await connection.fetch(sql, *parameters))
        finally:
            await connection.close()


@contextlib.contextmanager
def running(*names: str) -> Iterator[Stack]:
    """Run servers and the named services; all of it ends, and its data goes, with the block."""
    with tempfile.TemporaryDirectory(prefix="shensu-bench-") as folder:
        home = Path(folder)
        servers = Servers(home, durable=True)
        addresses = servers.start()
        stack: Stack | None = None
        try:
            migrate.upgrade(addresses.database_url)
            stack = _prepared(home, servers, addresses)
            stack.start(*names)
            yield stack
        finally:
            if stack is not None:
                stack.stop(*list(stack.children))
            servers.stop()
            if servers.postgres is not None:
                servers.postgres.forget()


def _prepared(home: Path, servers: Servers, addresses: Addresses) -> Stack:
    ports = {name: processes.free_port() for name in (INTAKE, ANALYTICS, WORKER)}
    settings = StackSettings(
        SHENSU_HOME=home,
        SHENSU_INTAKE_PORT=ports[INTAKE],
        SHENSU_ANALYTICS_PORT=ports[ANALYTICS],
        SHENSU_WORKER_PORT=ports[WORKER],
    )
    client_keys = asyncio.run(_fill(home, addresses))
    return Stack(home, servers, addresses, client_keys, ports, settings.child_environment(addresses))


async def _fill(home: Path, addresses: Addresses) -> dict[str, str]:
    key_file = keyring.create(home / "keys.json", purpose="development")
    db = Database.connect(migrate.asyncpg_url(addresses.database_url), pool_size=2)
    try:
        await loader.load(db, actor="bench")
        await data_keys.ensure(db, key_file, actor="bench")
        prepared = await development.prepare(db, home / "development-keys.json", key_file, actor="bench")
    finally:
        await db.close()
    return prepared.keys
