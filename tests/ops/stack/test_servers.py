"""The embedded servers: made once, found again, and back after any crash with what was committed."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from ops.stack import privileges, processes
from ops.stack.postgres import Postgres
from ops.stack.processes import StackError
from ops.stack.servers import Servers, is_running


def query(url: str, statement: str) -> Any:
    async def ask() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(ask())


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    found = Servers(tmp_path / "home")
    yield found
    found.stop()


def test_second_start_keeps_the_data(servers: Servers) -> None:
    url = servers.start().database_url
    query(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    servers.stop()

    again = Servers(servers.home)
    try:
        assert query(again.start().database_url, "SELECT answer FROM kept") == 42
    finally:
        again.stop()


def test_postgres_is_durable_checked_and_speaks_utf8(servers: Servers) -> None:
    url = servers.start().database_url
    settings = ("fsync", "synchronous_commit", "full_page_writes", "data_checksums", "server_encoding")
    found = {name: query(url, f"SHOW {name}") for name in settings}
    assert found == dict.fromkeys(settings[:-1], "on") | {"server_encoding": "UTF8"}
    assert query(url, "SELECT lower('ÄÖ') = 'äö'"), "the collation knows more than ASCII"


def test_nobody_enters_without_the_password(servers: Servers) -> None:
    url = servers.start().database_url
    with pytest.raises(asyncpg.InvalidPasswordError):
        query(url.replace(":", ":x", 2).replace("postgresql:x//", "postgresql://"), "SELECT 1")
    secrets = [path for path in servers.home.iterdir() if path.name.endswith(".password")]
    assert [path.stat().st_mode & 0o077 for path in secrets] == [0, 0]


@pytest.mark.parametrize("hard", [False, True], ids=["immediate stop", "kill -9"])
def test_committed_rows_survive_a_crash(servers: Servers, *, hard: bool) -> None:
    url = servers.start().database_url
    query(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    servers.kill_postgres(hard=hard)
    servers.start_postgres()
    assert query(url, "SELECT answer FROM kept") == 42


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


def test_half_made_data_directory_is_made_anew(servers: Servers) -> None:
    for folder in ("postgres", "postgres.new"):
        (servers.home / folder / "base").mkdir(parents=True)
    assert query(servers.start().database_url, "SELECT 1") == 1


def test_lock_left_by_another_program_s_process_number_is_forgotten(servers: Servers) -> None:
    addresses = servers.start()
    servers.kill_postgres(hard=True)
    lock = servers.home / "postgres" / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getpid()), *lines[1:], ""]))
    servers.start_postgres()
    assert query(addresses.database_url, "SELECT 1") == 1


def test_lost_password_file_gets_a_new_password(servers: Servers) -> None:
    servers.start()
    servers.stop()
    (servers.home / "postgres.password").unlink()
    assert query(servers.start().database_url, "SELECT 1") == 1


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


def test_valkey_answers_to_its_password_only_and_comes_back_on_its_port(servers: Servers) -> None:
    url = servers.start().redis_url
    servers.stop_valkey()
    servers.start_valkey()
    port = int(url.rsplit(":", 1)[1].split("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"PING\r\n")
        assert connection.recv(100).startswith(b"-NOAUTH")


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


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_root_without_namespaces_runs_postgres_as_nobody(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    run_as = privileges.nobody()
    postgres = Postgres(tmp_path, processes.free_port(), durable=False, run_as=run_as)
    try:
        postgres.start()
        assert postgres.process is not None
        assert Path(f"/proc/{postgres.process.pid}").stat().st_uid == run_as.uid
        assert query(postgres.url, "SELECT 1") == 1
    finally:
        postgres.stop()
        postgres.forget()


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
