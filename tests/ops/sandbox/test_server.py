"""The sandbox's server: webhooks and commands reach who is played, and what is wrong is answered and harms nothing."""

import socket
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from ops.sandbox.server import LARGEST, Listener
from shared.serialisation import Json


class _Played:
    """Keeps what it heard; answers webhooks with 202."""

    def __init__(self) -> None:
        self.webhooks: list[tuple[Mapping[str, str], bytes]] = []
        self.commands: list[Json] = []

    def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        self.webhooks.append((headers, body))
        return 202

    def control(self, command: Json) -> Json:
        self.commands.append({"do": command["do"]})
        return {"done": True}

    def report(self) -> Json:
        return {"heard": len(self.webhooks)}


@pytest.fixture
def played() -> _Played:
    """Return who is played."""
    return _Played()


@pytest.fixture
def http(played: _Played) -> Iterator[httpx.Client]:
    """Return a client of a sandbox that listens."""
    listener = Listener(played)
    listener.up()
    with httpx.Client(base_url=listener.url, trust_env=False) as client:
        yield client
    listener.down()


def test_a_webhook_comes_with_its_headers_and_bytes(http: httpx.Client, played: _Played) -> None:
    answer = http.post("/hooks", content=b"{1}", headers={"Webhook-Id": "msg_1"})
    assert (answer.status_code, answer.content) == (202, b"")
    [(headers, body)] = played.webhooks
    assert (headers["webhook-id"], body) == ("msg_1", b"{1}")
    assert http.get("/control").json() == {"heard": 1}


def test_a_command_is_done_and_a_wrong_one_is_told_what_was_wrong(
    http: httpx.Client, played: _Played
) -> None:
    assert http.post("/control", json={"do": "reply"}).json() == {"done": True}
    assert played.commands == [{"do": "reply"}]
    for wrong in (b"{", b"{}"):
        answer = http.post("/control", content=wrong)
        assert answer.status_code == 400
        assert "Error: " in answer.json()["error"]
    assert http.get("/control").status_code == 200


@pytest.mark.parametrize(("method", "path"), [("GET", "/hooks"), ("POST", "/"), ("GET", "/")])
def test_other_addresses_are_not_there(method: str, path: str, http: httpx.Client) -> None:
    assert http.request(method, path).status_code == 404


def test_a_body_that_is_too_large_is_not_read(http: httpx.Client, played: _Played) -> None:
    address = (http.base_url.host, http.base_url.port or 0)
    with socket.create_connection(address, timeout=5) as connection:
        connection.sendall(
            f"POST /hooks HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGEST + 1}\r\n\r\n".encode()
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 413")
    assert played.webhooks == []


def test_it_goes_down_and_comes_up_on_the_same_port(played: _Played) -> None:
    listener = Listener(played)
    url: Any = listener.url
    for _ in range(2):
        listener.up()
        listener.up()
        assert httpx.get(f"{url}/control", trust_env=False).status_code == 200
        listener.down()
        listener.down()
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/control", trust_env=False)
    assert listener.url == url
