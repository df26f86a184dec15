"""Memory of each process after a load, and the start time of a new stack."""

import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import batch, circular, report, single
from bench.report import Line
from bench.stack import ANALYTICS, INTAKE, ROOT, WORKER, Stack, running
from ops.stack import processes, supervisor
from ops.stack.environment import StackSettings
from ops.stack.servers import Addresses

STARTS = 5
_BATCHES = 20
_MOST_MEGABYTES = 120
_LONGEST_START = 12


def measure() -> list[Line]:
    """Measure memory after 20,000 complaints by batch, some seconds of single posts and reads; then cold starts."""
    with running(INTAKE, ANALYTICS, WORKER) as stack:
        batch.post(stack, 0, _BATCHES)
        single.post(stack, _BATCHES + 1)
        circular.read(stack)
        lines = [line for name in (INTAKE, ANALYTICS, WORKER) for line in _memory(stack, name)]
    starts = [_cold_start() for _ in range(STARTS)]
    return [
        *lines,
        Line(
            "cold start: `ops up` with a new home, until three services are ready",
            statistics.median(starts),
            "s",
            budget=report.at_most(_LONGEST_START, f"≤ {_LONGEST_START} s"),
            rounds=starts,
        ),
    ]


def _memory(stack: Stack, name: str) -> list[Line]:
    status = Path(f"/proc/{stack.pid(name)}/status").read_text(encoding="ascii")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    resident, peak = (int(fields[field].split()[0]) / 1024 for field in ("VmRSS", "VmHWM"))
    budget = report.at_most(_MOST_MEGABYTES, f"≤ {_MOST_MEGABYTES} MB")
    return [
        Line(f"{name}: memory after the load", resident, "MB", budget=budget),
        Line(f"{name}: its peak", peak, "MB"),
    ]


def _cold_start() -> float:
    """Start everything by the operator's command, on free ports, in a home that does not exist; return the seconds."""
    with tempfile.TemporaryDirectory(prefix="shensu-bench-") as folder:
        home = Path(folder) / "home"
        ports = {name: processes.free_port() for name in (INTAKE, ANALYTICS, WORKER, "postgres", "valkey")}
        environment = StackSettings(
            SHENSU_HOME=home,
            SHENSU_INTAKE_PORT=ports[INTAKE],
            SHENSU_ANALYTICS_PORT=ports[ANALYTICS],
            SHENSU_WORKER_PORT=ports[WORKER],
        ).child_environment(Addresses("", ""))
        environment |= {
            "SHENSU_POSTGRES_PORT": str(ports["postgres"]),
            "SHENSU_VALKEY_PORT": str(ports["valkey"]),
        }
        del environment["DATABASE_URL"], environment["REDIS_URL"]
        began = time.monotonic()
        command = (sys.executable, "-m", "ops", "up")
        quiet = subprocess.DEVNULL
        up = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=quiet, stderr=quiet)  # noqa: S603 - our own
        try:
            while not all(_is_ready(ports[name]) for name in (INTAKE, ANALYTICS, WORKER)):
                if up.poll() is not None or time.monotonic() - began > 60:
                    raise RuntimeError(f"`ops up` did not come up (code {up.poll()})")
                time.sleep(0.05)
            return time.monotonic() - began
        finally:
            processes.stop(up, signal.SIGINT, seconds=30)


def _is_ready(port: int) -> bool:
    return supervisor.readiness(f"http://127.0.0.1:{port}") in {"ready", "degraded"}
