"""The supervisor: waits for readiness, restarts what falls, with growing pauses, stops in order."""

import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops.stack import processes, supervisor
from ops.stack.processes import StackError
from ops.stack.supervisor import Service, Supervisor

FAKE = """
import http.server, signal, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'{"status": "ready"}')
    def log_message(self, *_): pass
def end(*_):
    with open(sys.argv[2], "a") as ends: ends.write(sys.argv[3] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""


def fake(name: str, ends: Path, *, stops: int = 0, program: str = FAKE) -> Service:
    port = processes.free_port()
    command = (sys.executable, "-c", program, str(port), str(ends), name)
    return Service(name, command, f"http://127.0.0.1:{port}", port, "SHENSU_X_PORT", ends.parent, stops)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervise(tmp_path: Path, said: list[str]) -> Iterator[Callable[..., Supervisor]]:
    made: list[Supervisor] = []

    def make(*services: Service) -> Supervisor:
        made.append(Supervisor(services, tmp_path / "logs", {"PATH": "/usr/bin:/bin"}, said.append))
        return made[-1]

    yield make
    for each in made:
        each.stop()


def test_waits_until_ready_and_stops_in_order(supervise: Callable[..., Supervisor], tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    keeper = supervise(fake("worker", ends, stops=1), fake("api", ends))
    assert keeper.start() == {"worker": "ready", "api": "ready"}
    keeper.stop()
    assert ends.read_text().split() == ["api", "worker"]


def test_restarts_a_killed_service_and_says_so(
    supervise: Callable[..., Supervisor], tmp_path: Path, said: list[str]
) -> None:
    service = fake("api", tmp_path / "ends")
    keeper = supervise(service)
    keeper.start()
    keeper.child("api").kill()
    keeper.child("api").wait()
    assert supervisor.readiness(service.url) == "silent"

    give_up = time.monotonic() + 20
    keeper.watch(lambda: supervisor.readiness(service.url) == "ready" or time.monotonic() > give_up)

    assert supervisor.readiness(service.url) == "ready"
    assert said[0].startswith("api: ended with signal 9; starting it again in 1 s")
    assert said[1] == "api: started again"


def test_pauses_double_up_to_thirty_seconds_and_begin_anew_after_a_steady_minute() -> None:
    restart = supervisor.Restart(started=100.0)
    assert [restart.fell(100.0) for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    restart.started = 100.0
    assert restart.fell(100.0 + supervisor.STEADY + 1) == 1


def test_service_that_ends_while_starting_is_named(
    supervise: Callable[..., Supervisor], tmp_path: Path
) -> None:
    keeper = supervise(fake("api", tmp_path / "ends", program="raise SystemExit(3)"))
    with pytest.raises(StackError, match="api ended with code 3 while starting"):
        keeper.start()


def test_taken_port_names_the_variable_to_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LAST_BREATH", 0.0)
    service = fake("api", tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", service.port))
        other.listen()
        with pytest.raises(StackError, match=f"port {service.port}, .*set SHENSU_X_PORT"):
            supervisor.refuse_taken_ports([service], "127.0.0.1")
