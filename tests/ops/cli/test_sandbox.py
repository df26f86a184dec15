"""The sandbox from the command line: it registers its address, takes commands, and ends with Ctrl-C."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ops.cli import app
from ops.stack import processes
from tests.running import Stack, wait_for

ROOT = Path(__file__).parents[3]
CARRIER = "SF"


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let a process that is started meanwhile heed Ctrl-C, also where a shell started the tests in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.timeout(300)
def test_the_command_plays_until_it_is_stopped(stack: Stack, tmp_path: Path) -> None:
    key = stack.new_client("carrier", "carrier:exchange", carrier_code=CARRIER).key
    port = processes.free_port()
    environment = {
        "PATH": "/usr/bin:/bin",
        "SHENSU_HOME": str(stack.home),
        "DATABASE_URL": stack.addresses.database_url,
        "SHENSU_SANDBOX_KEY": key,
    }
    command = [
        sys.executable,
        "-m",
        "ops",
        "carrier-sandbox",
        "--carrier",
        CARRIER,
        "--behaviour",
        "never",
        "--register",
        "--poll",
        "0.2",
        "--port",
        str(port),
        "--intake",
        stack.intake,
    ]
    registered = f"carrier:{CARRIER}"
    with stack.registered(registered, "http://127.0.0.1:9999/hooks"):
        with (tmp_path / "log").open("wb") as log, _interruptible():
            played = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}/control"

            def _report() -> Any:
                assert played.poll() is None, (tmp_path / "log").read_text()
                return httpx.get(address, trust_env=False, timeout=30).json()

            # a process that starts on a busy machine takes long: only its end ends the waiting early
            report = wait_for(_report, "it listens", seconds=90)
            assert (report["behaviour"], report["unverified"]) == ("never", 0)
        finally:
            played.send_signal(signal.SIGINT)
            assert played.wait(90) == 0, (tmp_path / "log").read_text()
        # the carrier had another address: it is told here now, under a new secret
        [row] = stack.query(
            "SELECT url, previous_secret IS NOT NULL FROM endpoint WHERE audience = $1", registered
        )
    assert tuple(row) == (f"http://127.0.0.1:{port}/hooks", True)


@pytest.mark.usefixtures("home")
def test_without_a_key_it_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["carrier-sandbox", "--carrier", "NOBODY"]) == 1
    assert "no key for NOBODY" in capsys.readouterr().err
