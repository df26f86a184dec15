"""Embedded Valkey: behind its password, which no other process can read, and back on its port with nothing in it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.stack import processes
from ops.stack.processes import StackError
from ops.stack.valkey import Valkey


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """Return a running server."""
    server = Valkey(tmp_path, processes.free_port())
    server.start()
    yield server
    server.stop()


def _say(valkey: Valkey, *lines: str) -> bytes:
    """Send commands and return the answer to the last of them."""
    with socket.create_connection(("127.0.0.1", valkey.port), timeout=5) as connection:
        for line in lines:
            connection.sendall(f"{line}\r\n".encode())
            answer = connection.recv(200)
        return answer


def _password(valkey: Valkey) -> str:
    return valkey.url.removeprefix("redis://:").partition("@")[0]


def test_it_answers_to_its_password_only(valkey: Valkey) -> None:
    assert _say(valkey, "PING").startswith(b"-NOAUTH")
    assert _say(valkey, "AUTH wrong", "PING").startswith(b"-NOAUTH")
    assert _say(valkey, f"AUTH {_password(valkey)}", "PING") == b"+PONG\r\n"


def test_its_password_is_in_private_files_and_not_among_its_arguments(valkey: Valkey, tmp_path: Path) -> None:
    assert valkey.process is not None
    arguments = Path(f"/proc/{valkey.process.pid}/cmdline").read_bytes()
    assert _password(valkey).encode() not in arguments
    private = [path for path in tmp_path.rglob("*") if path.suffix in {".password", ".conf"}]
    assert len(private) == 2
    assert [path.stat().st_mode & 0o077 for path in private] == [0, 0]


def test_it_comes_back_on_its_port_and_under_its_password_with_nothing_in_it(valkey: Valkey) -> None:
    url, login = valkey.url, f"AUTH {_password(valkey)}"
    assert _say(valkey, login, "SET a 1") == b"+OK\r\n"
    valkey.stop()
    valkey.start()
    assert valkey.url == url
    assert _say(valkey, login, "EXISTS a") == b":0\r\n"


def test_a_port_that_is_taken_is_named(valkey: Valkey, tmp_path: Path) -> None:
    with pytest.raises(StackError, match=f"does not start on port {valkey.port}"):
        Valkey(tmp_path / "other", valkey.port).start()
