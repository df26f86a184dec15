"""The embedded servers: made once, found again, and back after any crash with what was committed."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ops.stack import processes
from ops.stack.processes import StackError
from ops.stack.servers import Servers, is_running
from tests.ops.stack.conftest import query


def test_second_start_keeps_the_data(servers: Servers) -> None:
    url = servers.start().database_url
    query(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    servers.stop()

    again = Servers(servers.home)
    try:
        assert query(again.start().database_url, "SELECT answer FROM kept") == 42
    finally:
        again.stop()


def test_a_fallen_server_is_named_and_can_be_started_again(servers: Servers) -> None:
    addresses = servers.start()
    assert servers.postgres is not None
    assert servers.postgres.process is not None
    assert servers.fallen() == []
    servers.postgres.process.kill()
    servers.postgres.process.wait()
    assert servers.fallen() == ["postgres"]
    servers.start_postgres()
    assert query(addresses.database_url, "SELECT 1") == 1


def test_one_home_has_one_stack(servers: Servers) -> None:
    assert not is_running(servers.home)
    servers.start()
    assert is_running(servers.home)
    with pytest.raises(StackError, match="another Shensu is running"):
        Servers(servers.home).start()
    servers.stop()
    assert not is_running(servers.home)


def test_taken_port_names_the_variable_to_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LAST_BREATH", 0.0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=f"port {port}, .*set SHENSU_VALKEY_PORT"):
            Servers(tmp_path, database_url="postgresql://elsewhere/db", valkey_port=port).start()


def test_servers_of_the_operator_are_not_started(tmp_path: Path) -> None:
    servers = Servers(tmp_path, database_url="postgresql://elsewhere/db", redis_url="redis://elsewhere")
    addresses = servers.start()
    servers.stop()
    assert (addresses.database_url, addresses.redis_url) == ("postgresql://elsewhere/db", "redis://elsewhere")
    assert servers.postgres is None
    assert servers.valkey is None


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux only")
def test_servers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from ops.stack.servers import Servers\n"
        "Servers(Path(sys.argv[1])).start(); print('up', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        server = int((tmp_path / "postgres" / "postmaster.pid").read_text().split()[0])
        parent.send_signal(signal.SIGKILL)
    give_up = time.monotonic() + 10
    while _is_alive(server):
        assert time.monotonic() < give_up, "Postgres outlived the process that started it"
        time.sleep(0.05)


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
