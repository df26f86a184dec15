"""The sandbox from the command line: it registers its address, takes commands, and ends with Ctrl-C."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx

from ops.stack import processes
from tests.running import Stack, wait_for

ROOT = Path(__file__).parents[3]
CARRIER = "SF"


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
        with (tmp_path / "log").open("wb") as log:
            played = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}/control"
            told = wait_for(lambda: httpx.get(address, trust_env=False).json(), "it listens")
            assert (told["behaviour"], told["unverified"]) == ("never", 0)
        finally:
            played.send_signal(signal.SIGINT)
            assert played.wait(10) == 0, (tmp_path / "log").read_text()
        # the carrier had another address: it is told here now, under a new secret
        [row] = stack.query(
            "SELECT url, previous_secret IS NOT NULL FROM endpoint WHERE audience = $1", registered
        )
    assert tuple(row) == (f"http://127.0.0.1:{port}/hooks", True)


def test_without_a_key_it_says_what_to_do(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ops", "carrier-sandbox", "--carrier", "NOBODY"]
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "SHENSU_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert "no key for NOBODY" in ran.stderr
