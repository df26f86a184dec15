"""Child processes: they write to their log, hear no Ctrl-C of ours, and end when they are asked, or are killed."""

import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ops.stack import processes

ENVIRONMENT = {"PATH": "/usr/bin:/bin"}
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def _spawn(program: str, log: Path) -> subprocess.Popen[bytes]:
    return processes.spawn([sys.executable, "-c", program], log, environment=ENVIRONMENT)


def test_a_child_writes_to_its_log_in_a_session_of_its_own_and_sees_only_its_environment(
    tmp_path: Path,
) -> None:
    log = tmp_path / "logs" / "child.log"
    program = (
        "import os, sys; print(os.getsid(0) == os.getpid(), sorted(os.environ)); sys.stderr.write('error')"
    )
    assert _spawn(program, log).wait(10) == 0
    text = log.read_text(encoding="utf-8")
    assert text.startswith("True ['")
    assert "'PATH'" in text
    assert "HOME" not in text
    assert text.endswith("error")


def test_a_child_that_does_not_end_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    child = _spawn(STUBBORN, log)
    give_up = time.monotonic() + 10
    while not log.read_bytes():
        assert time.monotonic() < give_up
        time.sleep(0.01)
    processes.stop(child, signal.SIGTERM, seconds=0.05)
    assert child.returncode == -signal.SIGKILL
    # once more is harmless
    processes.stop(child, signal.SIGTERM, seconds=0.05)
    processes.stop(None, signal.SIGTERM, seconds=0.05)


def test_long_log_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "logs" / "api.log"
    monkeypatch.setattr(processes, "LOG_LIMIT", 10)
    for _ in range(2):
        with processes.open_log(log) as output:
            output.write(b"12345678901")
    assert (log.read_bytes(), log.with_name("api.log.1").read_bytes()) == (b"12345678901",) * 2


def test_a_port_is_free_until_somebody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LAST_BREATH", 0.0)
    port = processes.free_port()
    assert not processes.stays_taken(port)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        assert processes.port_is_taken(port)
        assert processes.stays_taken(port)


def test_a_secret_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "in" / "password"
    assert processes.secret(path, lambda: "first") == "first"
    assert processes.secret(path, lambda: "second") == "first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
