"""A stack for measurements: durable servers and the three services, on free ports, in a temporary folder."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from ops.stack import assembly
from ops.stack.assembly import ANALYTICS, INTAKE, ROOT, WORKER
from ops.stack.environment import StackSettings
from ops.stack.servers import Addresses, Servers
from ops.stack.supervisor import Supervisor

__all__ = ["ANALYTICS", "CAREFUL", "INTAKE", "ROOT", "TWO_INTAKES", "WORKER", "Stack", "running"]
CAREFUL = {"SHENSU_FAST_PATH": "false"}
"""The environment in which every complaint is left to the worker."""
TWO_INTAKES = {"SHENSU_INTAKE_PROCESSES": "2"}
"""The environment in which the intake uses both cores: an import is mostly work of Python, and a process uses one core."""
_READY_SECONDS = 60.0


@dataclass
class Stack:
    """A stack under measurement. Services are started and stopped one by one; failed ones are not restarted."""

    home: Path
    servers: Servers
    addresses: Addresses
    supervisor: Supervisor
    keys: dict[str, str]

    @property
    def ports(self) -> dict[str, int]:
        """Return the port of each service."""
        return {service.name: service.port for service in self.supervisor.services}

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the environment of the services."""
        return self.supervisor.environment

    def url(self, name: str) -> str:
        """Return the address of a service."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def pid(self, name: str) -> int:
        """Return the process id of a running service."""
        return self.supervisor.child(name).pid

    def start(self, *names: str, wait: bool = True) -> None:
        """Start services; with `wait`, return when each is ready (or degraded)."""
        (self.supervisor.start if wait else self.supervisor.launch)(names)

    def stop(self, *names: str) -> None:
        """Stop services; they finish their current work first."""
        self.supervisor.stop(names)

    def wait(
        self, done: Callable[[], bool], what: str, *, seconds: float = _READY_SECONDS, every: float = 0.05
    ) -> None:
        """Wait until a condition is true; check it `every` seconds. Raises TimeoutError with `what`."""
        give_up = time.monotonic() + seconds
        while not done():
            if time.monotonic() > give_up:
                raise TimeoutError(f"not within {seconds:.0f} s: {what} (logs in {self.home / 'logs'})")
            time.sleep(every)

    def query(self, sql: str, *parameters: Any) -> list[Any]:
        """Query the database directly, as its owner."""
        return asyncio.run(self._query(sql, parameters))

    def execute(self, *statements: str) -> None:
        """Run statements one by one."""
        for statement in statements:
            self.query(statement)

    async def connect(self) -> Any:
        """Open a separate connection to the database."""
        return await asyncpg.connect(self.addresses.database_url)

    async def _query(self, sql: str, parameters: tuple[Any, ...]) -> list[Any]:
        connection = await self.connect()
        try:
            return list(await connection.fetch(sql, *parameters))
        finally:
            await connection.close()


@contextlib.contextmanager
def running(*names: str, environment: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """Run servers and the named services; stop them and delete the data at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="shensu-bench-") as folder:
        home = Path(folder)
        servers: Servers | None = None
        try:
            settings = StackSettings.apart(home)
            with assembly.assembled(settings, actor="bench", names=names, environment=environment) as up:
                servers = up.servers
                yield Stack(home, up.servers, up.addresses, up.supervisor, up.keys)
        finally:
            if servers is not None and servers.postgres is not None:
                servers.postgres.forget()
