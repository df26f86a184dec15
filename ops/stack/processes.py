"""Child processes that ignore the terminal's Ctrl-C and end with their parent, and their log files."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LOG_LIMIT = 10 * 1024 * 1024
"""Bytes; a longer log is renamed to `<name>.log.1` when its process starts."""
LAST_BREATH = 4.0
"""Seconds that a process of an earlier, killed run may take to end."""
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class StackError(Exception):
    """The stack cannot run; the text says what to do."""


@dataclass(frozen=True, slots=True)
class RunAs:
    """How a child runs without root: with a command before it, or as another user. Neither: as the current user."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None


AS_WE_ARE = RunAs()


def _dies_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    """Return a function that asks the kernel to signal the child when its parent thread ends (Linux only)."""
    libc = _LIBC
    if libc is None:
        return None

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))

    return ask


def spawn(
    command: Sequence[str | Path],
    log: Path,
    *,
    environment: Mapping[str, str],
    death_signal: signal.Signals = signal.SIGTERM,
    run_as: RunAs = AS_WE_ARE,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child that writes to `log`. On Linux it gets `death_signal` when the calling thread ends."""
    with open_log(log) as output:
        return subprocess.Popen(
            [*run_as.prefix, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            start_new_session=True,
            preexec_fn=_dies_with_parent(death_signal),  # noqa: PLW1509 -- one prctl call, no lock is taken
            cwd=cwd,
            user=run_as.uid,
            group=run_as.gid,
            extra_groups=None if run_as.uid is None else (),
        )


def open_log(path: Path) -> BinaryIO:
    """Open a log for appending; a long log is renamed first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_name(f"{path.name}.1"))
    return path.open("ab")


def stop(process: subprocess.Popen[bytes] | None, how: signal.Signals, *, seconds: float) -> None:
    """Terminate a child, kill it if it does not end within `seconds`, and reap it."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(how)
    await_end(process, seconds=seconds)


def await_end(process: subprocess.Popen[bytes], *, seconds: float) -> None:
    """Wait for a terminated child, kill it if it does not end within `seconds`, and reap it."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """Return a port on 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def port_is_taken(port: int, host: str = "127.0.0.1") -> bool:
    """Report whether a port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def stays_taken(port: int, host: str = "127.0.0.1") -> bool:
    """Report whether a port stays taken for longer than a process of an earlier, killed run needs to end."""
    give_up = time.monotonic() + LAST_BREATH
    while port_is_taken(port, host):
        if time.monotonic() > give_up:
            return True
        time.sleep(0.1)
    return False


def secret(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in a file; create the file, readable by its owner only, if there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return path.read_text(encoding="ascii").strip()
