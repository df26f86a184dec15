"""Postgres and Valkey of a stack: embedded in one folder, or the operator's servers."""

import fcntl
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ops.stack import processes
from ops.stack.postgres import Postgres
from ops.stack.processes import RunAs, StackError
from ops.stack.valkey import Valkey

POSTGRES_PORT_VARIABLE = "SHENSU_POSTGRES_PORT"
VALKEY_PORT_VARIABLE = "SHENSU_VALKEY_PORT"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of the servers; both contain a password."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)


class Servers:
    """Embedded servers under `home`; they keep their data between starts. The thread that starts them must live as long.

    Port 0 means any free one. `durable=False` trades safety against power loss for speed, for tests only.
    With `database_url` or `redis_url`, that server is the operator's: it is neither started nor stopped.
    """

    def __init__(
        self,
        home: Path,
        *,
        postgres_port: int = 0,
        valkey_port: int = 0,
        durable: bool = True,
        database_url: str | None = None,
        redis_url: str | None = None,
        run_as: RunAs | None = None,
    ) -> None:
        self.home = home.absolute()
        self._operator_urls = (database_url, redis_url)
        self._ports = (postgres_port, valkey_port)
        self._durable = durable
        self._run_as = run_as
        self._lock: IO[str] | None = None
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None

    def start(self) -> Addresses:
        """Start the embedded servers and return the addresses. Raises StackError with advice."""
        self._lock_home()
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop Valkey, then Postgres with everything on disk. Does nothing if no server runs."""
        if self.valkey is not None:
            self.valkey.stop()
        if self.postgres is not None:
            self.postgres.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def kill_postgres(self, *, hard: bool = False) -> None:
        """Stop Postgres as a crash would (immediate stop); `hard` is kill -9."""
        self._embedded_postgres().kill(hard=hard)

    def start_postgres(self) -> None:
        """Start Postgres again on the same port."""
        self._embedded_postgres().start()

    def stop_valkey(self) -> None:
        """Stop Valkey; its content is lost."""
        self._embedded_valkey().stop()

    def start_valkey(self) -> None:
        """Start Valkey again on the same port, empty."""
        self._embedded_valkey().start()

    def fallen(self) -> list[str]:
        """Return the names of embedded servers whose process has ended by itself."""
        servers = {"postgres": self.postgres, "valkey": self.valkey}
        return [
            name
            for name, server in servers.items()
            if server is not None and server.process is not None and server.process.poll() is not None
        ]

    def _start(self) -> Addresses:
        database_url, redis_url = self._operator_urls
        if database_url is None:
            if self.postgres is None:
                port = _port(self._ports[0], "PostgreSQL", POSTGRES_PORT_VARIABLE)
                self.postgres = Postgres(self.home, port, durable=self._durable, run_as=self._run_as)
            self.postgres.start()
            database_url = self.postgres.url
        if redis_url is None:
            if self.valkey is None:
                self.valkey = Valkey(self.home, _port(self._ports[1], "Valkey", VALKEY_PORT_VARIABLE))
            self.valkey.start()
            redis_url = self.valkey.url
        return Addresses(database_url, redis_url)

    def _lock_home(self) -> None:
        """Lock a home for one process; the lock ends with the process."""
        self.home.mkdir(parents=True, exist_ok=True)
        lock = (self.home / "servers.lock").open("w", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise StackError(
                f"another Shensu is running in {self.home}: stop it, or set SHENSU_HOME to another folder"
            ) from None
        self._lock = lock

    def _embedded_postgres(self) -> Postgres:
        if self.postgres is None:
            raise StackError("Postgres is not run from here")
        return self.postgres

    def _embedded_valkey(self) -> Valkey:
        if self.valkey is None:
            raise StackError("Valkey is not run from here")
        return self.valkey


def is_running(home: Path) -> bool:
    """Report whether a process runs servers in this home."""
    path = home.absolute() / "servers.lock"
    if not path.exists():
        return False
    with path.open("a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _port(port: int, server: str, variable: str) -> int:
    if port == 0:
        return processes.free_port()
    if processes.stays_taken(port):
        raise StackError(
            f"port {port}, meant for {server}, is taken: free it, or set {variable} to another port"
        )
    return port
