"""Servers of a test run: one Postgres and one Valkey for all its processes, one filled template, a database a process."""

import asyncio
import contextlib
import fcntl
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import asyncpg

from ops import migrate
from ops.stack.servers import Addresses, Servers
from services.access import data_keys
from services.reference import loader
from shared.database import Database
from shared.privacy import keyring

TEMPLATE = "template_of_tests"
VALKEY_DATABASES = 16


@dataclass(frozen=True, slots=True)
class TestServers:
    """Running servers of tests, and the folder that all processes of the run share."""

    __test__ = False
    home: Path
    key_path: Path
    """The key file that the data key of the template is sealed with."""
    database_url: str
    redis_url: str

    @classmethod
    def from_input(cls, values: Mapping[str, str]) -> "TestServers":
        """Return the servers that the controller runs, as it describes them to a test process."""
        paths = Path(values["home"]), Path(values["key_path"])
        return cls(*paths, values["database_url"], values["redis_url"])

    def as_input(self) -> dict[str, str]:
        """Describe the servers to a test process, in text."""
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}

    def process(self, number: int) -> Addresses:
        """Make the database of one test process; return its address and that of the process's part of Valkey."""
        name = f"test_{number}"
        self._prepare()
        asyncio.run(self._execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}"))
        redis_url = self.redis_url.rpartition("/")[0]
        return Addresses(self._database(name), f"{redis_url}/{number % VALKEY_DATABASES}")

    def _prepare(self) -> None:
        """Make and fill the template if no process of this run did; others wait meanwhile."""
        with (self.home / "template.lock").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (ready := self.home / "template.ready").exists():
                asyncio.run(self._execute(f"CREATE DATABASE {TEMPLATE}"))
                migrate.upgrade(self._database(TEMPLATE))
                asyncio.run(self._fill())
                ready.touch()

    async def _fill(self) -> None:
        key_file = keyring.read(self.key_path)
        db = Database.connect(migrate.asyncpg_url(self._database(TEMPLATE)))
        try:
            await loader.load(db, actor="tests")
            await data_keys.ensure(db, key_file, actor="tests")
        finally:
            await db.close()

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.database_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _database(self, name: str) -> str:
        return f"{self.database_url.rpartition('/')[0]}/{name}"


@contextlib.contextmanager
def started(key_path: Path | None = None) -> Iterator[TestServers]:
    """Run Postgres and Valkey on free ports, without fsync, which only a power cut would miss; end with the block."""
    with tempfile.TemporaryDirectory(prefix="shensu-tests-") as folder:
        servers = Servers(Path(folder), durable=False)
        addresses = servers.start()
        try:
            if key_path is None:
                key_path = servers.home / "keys.json"
                keyring.create(key_path, purpose="test")
            yield TestServers(servers.home, key_path, addresses.database_url, addresses.redis_url)
        finally:
            servers.stop()
            if servers.postgres is not None:
                servers.postgres.forget()
