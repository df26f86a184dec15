"""Several processes of one service: one port, common metrics, the dead replaced, all drained; none outlives its parent."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from uvicorn.config import STARTUP_FAILURE

from ops.stack import processes
from tests.running import wait_for

ROOT = Path(__file__).parents[3]
APPLICATION = """
import asyncio, os
from fastapi import FastAPI, Response
from shared.http import metrics

def make(settings):
    app = FastAPI()

    @app.get("/pid")
    async def pid() -> int:
        return os.getpid()

    @app.get("/slow")
    async def slow() -> str:
        await asyncio.sleep(1)
        return "finished"

    app.add_api_route("/metrics", metrics.answer, response_class=Response)
    return app

def fail(settings):
    app = make(settings)

    @app.router.on_event("startup")
    async def refuse() -> None:
        raise ValueError("a wrong setting")
    return app
"""
PROGRAM = """
import sys
from shared.http import processes
from shared.settings import Settings

chosen = Settings(DATABASE_URL="postgresql://x/y")
processes.run(sys.argv[1], service="tests", port=int(sys.argv[2]), count=int(sys.argv[3]), settings=chosen)
"""


@dataclass(frozen=True, slots=True)
class Service:
    """A parent with its children."""

    process: subprocess.Popen[str]
    port: int

    def get(self, path: str) -> str:
        """Ask over a new connection, because the kernel chooses the process by the connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def serving(self) -> set[int]:
        """Return the processes that answer."""
        return {int(self.get("/pid")) for _ in range(40)}

    def wait_for(self, count: int, without: int = 0) -> set[int]:
        """Return the processes when so many answer, and not a certain one."""

        def read() -> set[int] | None:
            pids = self.serving()
            return pids if len(pids) == count and without not in pids else None

        pids: set[int] = wait_for(read, f"{count} processes serve")
        return pids


Start = Callable[..., Service]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a service of so many processes; kill its group at the end."""
    (tmp_path / "service_of_tests.py").write_text(APPLICATION)
    started: list[subprocess.Popen[str]] = []

    def begin(count: int, *, factory: str = "make", port: int | None = None) -> Service:
        port = port or processes.free_port()
        environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "TMPDIR": str(tmp_path)}  # noqa: TID251 - handed on
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", PROGRAM, f"service_of_tests:{factory}", str(port), str(count)],
                cwd=tmp_path,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        )
        return Service(started[-1], port)

    yield begin
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_process_needs_no_parent(start: Start) -> None:
    service = start(1)
    assert service.wait_for(1) == {service.process.pid}


def test_processes_share_a_port_and_count_together(start: Start) -> None:
    service = start(3)
    pids = service.wait_for(3)
    assert service.process.pid not in pids
    before = _answered(service.get("/metrics"))
    service.serving()
    assert {_answered(service.get("/metrics")) - before for _ in range(5)} == {40}


def _answered(metrics: str) -> int:
    counts = [line for line in metrics.splitlines() if line.startswith("shensu_http_requests_total{")]
    return sum(round(float(line.rpartition(" ")[2])) for line in counts if 'route="/pid"' in line)


def test_a_process_that_is_killed_is_replaced_and_its_counts_stay(start: Start) -> None:
    service = start(2)
    first = service.wait_for(2)
    before = _answered(service.get("/metrics"))
    killed = min(first)
    os.kill(killed, signal.SIGKILL)
    second = service.wait_for(2, without=killed)
    assert second & first == first - {killed}
    assert _answered(service.get("/metrics")) >= before


def test_all_are_drained_at_the_end(start: Start, tmp_path: Path) -> None:
    service = start(2)
    pids = service.wait_for(2)
    answers: list[str] = []
    requests = [threading.Thread(target=lambda: answers.append(service.get("/slow"))) for _ in range(8)]
    for request in requests:
        request.start()
        request.join(0.05)
    service.process.send_signal(signal.SIGTERM)
    for request in requests:
        request.join()
    output, _ = service.process.communicate(timeout=20)
    assert answers == ['"finished"'] * 8
    assert service.process.returncode == 0
    assert not any(map(_is_alive, pids))
    assert not processes.port_is_taken(service.port)
    assert list(tmp_path.glob("shensu-metrics-*")) == []
    assert {json.loads(line)["event"] for line in output.splitlines()} >= {"process_started", "request"}


def test_no_process_outlives_a_parent_that_is_killed(start: Start) -> None:
    service = start(2)
    pids = service.wait_for(2)
    service.process.kill()
    wait_for(lambda: None if any(map(_is_alive, pids)) else True, "the children end")
    # the next parent finds the port free
    assert start(2, port=service.port).wait_for(2)


def test_a_fault_of_the_settings_ends_the_parent(start: Start) -> None:
    service = start(2, factory="fail")
    output, _ = service.process.communicate(timeout=20)
    assert service.process.returncode == STARTUP_FAILURE
    assert '"state":"code 3"' in output


def test_a_port_of_others_is_not_shared(start: Start) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        service = start(2, port=other.getsockname()[1])
        service.process.communicate(timeout=20)
        assert service.process.returncode == 1
