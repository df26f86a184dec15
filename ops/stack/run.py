"""Runs the whole stack: servers, keys, schema, reference data, clients, services; stops it in order."""

import contextlib
import json
import os
import pwd
import signal
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ops.stack import assembly, supervisor
from ops.stack.environment import StackSettings
from ops.stack.processes import StackError
from ops.stack.servers import is_running
from ops.stack.supervisor import Supervisor
from shared.settings import Mode

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class StackFile:
    """The file in which other commands find a running stack. It has passwords: readable by its owner only."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    intake_url: str
    analytics_url: str


@dataclass(frozen=True, slots=True)
class Running:
    """A running stack."""

    stack: StackFile
    states: dict[str, str]
    keys: dict[str, str] = field(repr=False)
    supervisor: Supervisor


def actor() -> str:
    """Return the user's name, for the audit."""
    try:
        return f"ops:{pwd.getpwuid(os.getuid()).pw_name}"
    except KeyError:
        return f"ops:uid-{os.getuid()}"


def find(home: Path) -> StackFile | None:
    """Return the running stack of this home, if there is one."""
    path = home / "stack.json"
    if not is_running(home) or not path.exists():
        return None
    try:
        return StackFile(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@contextlib.contextmanager
def running(settings: StackSettings, say: assembly.Say) -> Iterator[Running]:
    """Start the stack; stop it in order at the end of the block. Call it from the main thread."""
    _refuse_unsafe(settings)
    if is_running(settings.home):
        raise StackError(f"a stack is running in {settings.home} already: stop it, or set SHENSU_HOME")
    supervisor.refuse_taken_ports(assembly.services(settings), settings.host)
    path = settings.home / "stack.json"

    def end() -> None:
        # a second Ctrl-C would leave servers behind; every step of stopping has a timeout
        for sign in STOPPING:
            signal.signal(sign, signal.SIG_IGN)
        say("stopping: services, then servers")
        path.unlink(missing_ok=True)

    for sign in STOPPING:
        signal.signal(sign, signal.default_int_handler)
    try:
        with assembly.assembled(settings, actor=actor(), say=say, on_end=end) as up:
            urls = settings.url(settings.intake_port), settings.url(settings.analytics_port)
            file = StackFile(up.addresses.database_url, up.addresses.redis_url, *urls)
            _write_private(path, json.dumps(asdict(file)))
            yield Running(file, up.states, up.keys, up.supervisor)
    finally:
        say("stopped")


def _refuse_unsafe(settings: StackSettings) -> None:
    if settings.mode is Mode.PRODUCTION and (settings.database_url is None or settings.redis_url is None):
        raise StackError("production runs on real servers: set DATABASE_URL and REDIS_URL")


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
