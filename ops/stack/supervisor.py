"""Keeps the three services running: starts them, waits until they are ready, restarts failed ones, stops them in order."""

import contextlib
import functools
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from ops.stack import processes
from ops.stack.processes import StackError
from ops.stack.servers import Servers

LONGEST_BACK_OFF = 30.0
STEADY = 60.0
"""Seconds; after this lifetime, a process gets the shortest back-off again."""
READY_WITHIN = 60.0
_GRACE = 15.0
_TICK = 0.1


@dataclass(frozen=True, slots=True)
class Service:
    """One process: its command, its readiness address, and its place in the order of stopping (lowest first)."""

    name: str
    command: tuple[str, ...]
    url: str
    port: int
    variable: str
    folder: Path
    stops: int = 0


@dataclass(slots=True)
class Restart:
    """The recent failures of a service, and the time of the next start."""

    falls: int = 0
    started: float = 0.0
    due: float | None = None

    def fell(self, now: float) -> float:
        """Record a failure; return the seconds until the next start."""
        self.falls = 1 if now - self.started > STEADY else self.falls + 1
        wait = min(2.0 ** (self.falls - 1), LONGEST_BACK_OFF)
        self.due = now + wait
        return wait


@dataclass(slots=True)
class Supervisor:
    """Runs services as child processes. Call all methods from one thread, which must live as long as they do."""

    services: Sequence[Service]
    logs: Path
    environment: Mapping[str, str]
    say: Callable[[str], None]
    servers: Servers | None = None
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _restarts: dict[str, Restart] = field(default_factory=dict)

    def start(self, names: Sequence[str] | None = None) -> dict[str, str]:
        """Start all or the named services, and wait until each is ready; return their states. Raises StackError."""
        self.launch(names)
        give_up = time.monotonic() + READY_WITHIN
        return {service.name: self._await(service, give_up) for service in self._chosen(names)}

    def launch(self, names: Sequence[str] | None = None) -> None:
        """Start all or the named services, without waiting."""
        for service in self._chosen(names):
            self._spawn(service)

    def child(self, name: str) -> subprocess.Popen[bytes]:
        """Return the current process of a service."""
        return self._children[name]

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Restart failed services, with back-off, until the stack is stopped."""
        while not until():
            self.tick()
            time.sleep(_TICK)

    def tick(self) -> None:
        """Check every service once."""
        now = time.monotonic()
        for name in self.servers.fallen() if self.servers else ():
            self._look_after(name, now, "server ended", functools.partial(self._revive, name))
        for service in self.services:
            child = self._children.get(service.name)
            if child is not None and child.poll() is not None:
                ended = f"ended with {_how(child.returncode)}"
                self._look_after(service.name, now, ended, functools.partial(self._spawn, service))

    def stop(self, names: Sequence[str] | None = None) -> None:
        """Stop all or the named services, receivers of requests first; those that do not end in time are killed."""
        chosen = self._chosen(names)
        for order in sorted({service.stops for service in chosen}):
            started = (self._children.get(service.name) for service in chosen if service.stops == order)
            children = [child for child in started if child is not None and child.poll() is None]
            for child in children:
                child.send_signal(signal.SIGTERM)
            for child in children:
                processes.await_end(child, seconds=_GRACE)

    def _chosen(self, names: Sequence[str] | None) -> list[Service]:
        return [service for service in self.services if names is None or service.name in names]

    def _look_after(self, name: str, now: float, what: str, start: Callable[[], None]) -> None:
        restart = self._restarts.setdefault(name, Restart())
        if restart.due is None:
            wait = restart.fell(now)
            self.say(f"{name}: {what}; starting it again in {wait:.0f} s (see {self.logs / name}.log)")
        elif now >= restart.due:
            restart.due = None
            restart.started = now
            start()
            self.say(f"{name}: started again")

    def _revive(self, name: str) -> None:
        servers = self.servers
        if servers is None:
            return
        try:
            (servers.start_postgres if name == "postgres" else servers.start_valkey)()
        except StackError as error:
            self.say(str(error))

    def _spawn(self, service: Service) -> None:
        self._children[service.name] = processes.spawn(
            service.command,
            self.logs / f"{service.name}.log",
            environment=self.environment,
            cwd=service.folder,
        )
        self._restarts.setdefault(service.name, Restart()).started = time.monotonic()

    def _await(self, service: Service, give_up: float) -> str:
        child = self._children[service.name]
        log = self.logs / f"{service.name}.log"
        while time.monotonic() < give_up:
            state = readiness(service.url)
            if state in {"ready", "degraded"}:
                return state
            if child.poll() is not None:
                how = f"{_how(child.returncode)} while starting: {_last_line(log)}"
                raise StackError(f"{service.name} ended with {how} (see {log})")
            time.sleep(_TICK)
        raise StackError(f"{service.name} was not ready within {READY_WITHIN:.0f} s (see {log})")


def readiness(url: str) -> str:
    """Return the state of a service from /readyz, or `silent` if it does not answer."""
    with contextlib.suppress(httpx.HTTPError, ValueError, KeyError, TypeError):
        return str(httpx.get(f"{url}/readyz", timeout=2, trust_env=False).json()["status"])
    return "silent"


def refuse_taken_ports(services: Sequence[Service], host: str) -> None:
    """Raise StackError with the port that is taken and the variable that changes ours."""
    for service in services:
        if processes.stays_taken(service.port, host):
            raise StackError(
                f"port {service.port}, meant for {service.name}, is taken: "
                f"free it, or set {service.variable} to another port"
            )


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "its log is empty")


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
