"""No webhook reaches our own network: addresses in every disguise, names that lead inside, redirects, names that change.

Nothing is ever connected to: listeners on this machine and a recorder of connections see to it that this is no claim.
"""

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from ipaddress import ip_address
from typing import Any

import pytest
from httpx_secure import SSRFProtectionError
from sqlalchemy import text

from services.access import data_keys
from services.delivery import endpoints, ssrf
from services.delivery.http_sender import Sender
from services.delivery.ssrf import AddressRefusedError, Resolver
from shared.database import Database
from shared.privacy.keyring import KeyFile, KeyRing
from tests.receiver import Receiver, Reply
from tests.security.addresses import HOSTILE, INSIDE, SOUND

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Connections = list[tuple[str, int]]


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Connections:
    """Record every connection that anything in this process begins, and let none of them be made."""
    attempts: Connections = []

    async def _connect(_loop: object, _socket: socket.socket, address: Any) -> None:
        attempts.append((str(address[0]), int(address[1])))
        raise ConnectionRefusedError("no connection is made in this test")

    # both ways in which the loop of the tests connects
    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", _connect)
    return attempts


@pytest.fixture
def ring(db: Database, run: Run, key_file: KeyFile) -> KeyRing:
    """Return the key ring."""
    ring: KeyRing = run(data_keys.ring(db, key_file))
    return ring


@pytest.fixture
def ask(db: Database, run: Run) -> Callable[[str], Any]:
    """Return a function that asks the database for one value."""

    async def _ask(sql: str) -> Any:
        async with db.transaction() as connection:
            return await connection.scalar(text(sql))

    return lambda sql: run(_ask(sql))


def _answering(*addresses: str) -> Callable[..., list[Any]]:
    """Return a resolver of names that always gives these addresses."""

    def _look_up(_host: str, port: int, **_: Any) -> list[Any]:
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in addresses
        ]

    return _look_up


@pytest.fixture(scope="module")
def sender(run: Run) -> Iterator[Sender]:
    """Return a sender as in production, to whom every name is one of the public network."""
    sender = Sender(resolver=Resolver(look_up=_answering("8.8.8.8")))
    yield sender
    run(sender.close())


def _post(run: Run, sender: Sender, url: str) -> Any:
    async def _go() -> Any:
        try:
            return await sender.post(url, {"webhook-id": "x"}, b"{}")
        finally:
            await sender.close()

    return run(_go())


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 40


def test_no_hostile_address_is_registered(
    db: Database, ring: KeyRing, run: Run, ask: Callable[[str], Any]
) -> None:
    async def _register(url: str) -> None:
        await endpoints.register(db, ring, audience="carrier:ZTO", url=url, development=False, actor="tests")

    for url in HOSTILE:
        with pytest.raises(AddressRefusedError) as refused:
            run(_register(url))
        assert url == "https://" or url not in refused.value.detail
    assert ask("SELECT count(*) FROM endpoint") == 0
    # the same call takes a sound one, and no move makes it hostile
    run(_register(SOUND[0]))
    for url in HOSTILE:
        with pytest.raises(AddressRefusedError):
            run(endpoints.move(db, audience="carrier:ZTO", url=url, development=False, actor="tests"))
    assert ask("SELECT url FROM endpoint") == SOUND[0]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_not_connected_to_though_it_stand_in_the_table(
    url: str, sender: Sender, run: Run, connections: Connections
) -> None:
    answer = run(sender.post(url, {}, b"{}"))
    assert (answer.status, answer.error) == (None, "address refused")
    assert connections == []


@pytest.mark.parametrize("url", SOUND)
def test_a_sound_address_is_taken(url: str) -> None:
    ssrf.check_url(url)


def test_what_is_sound_is_connected_to(run: Run, connections: Connections) -> None:
    # the recorder records: without this, none of the others would show anything
    answer = _post(run, Sender(resolver=Resolver(look_up=_answering("8.8.8.8"))), "https://8.8.8.8/")
    assert answer.error == "no connection"
    assert connections == [("8.8.8.8", 443)]


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_not_connected_to(
    address: str, run: Run, connections: Connections
) -> None:
    for answers in ((address,), ("8.8.8.8", address)):
        sender = Sender(resolver=Resolver(look_up=_answering(*answers)))
        assert _post(run, sender, "https://hooks.example.com/").error == "address refused"
    assert connections == []


@pytest.mark.parametrize("address", INSIDE)
def test_the_client_itself_connects_to_none_of_them(address: str, run: Run, connections: Connections) -> None:
    """Say what happens to a name that leads outside when it is asked about, and inside when it is connected to."""
    sender = Sender()
    host = f"[{address.partition('%')[0]}]" if ":" in address else address

    async def _past_the_resolver() -> None:
        with pytest.raises(SSRFProtectionError):
            await sender._http.post(f"https://{host}/")
        await sender.close()

    run(_past_the_resolver())
    assert connections == []


def test_a_name_that_changes_its_mind_gets_no_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # outside when the resolver asks, this machine when the client connects
    with Receiver() as inside:
        real = asyncio.BaseEventLoop.getaddrinfo

        async def _inside(loop: Any, host: Any, port: Any, **options: Any) -> Any:
            name = host.decode() if isinstance(host, bytes) else host
            return await real(loop, "127.0.0.1" if name == "hooks.example.com" else host, port, **options)

        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", _inside)
        sender = Sender(resolver=Resolver(look_up=_answering("8.8.8.8")))
        answer = _post(run, sender, f"https://hooks.example.com:{inside.port}/")
    assert answer.error == "address refused"
    assert inside.got == []


def test_a_redirect_inside_is_not_followed(run: Run) -> None:
    with Receiver() as outside, Receiver() as inside:
        for status in (301, 302, 303, 307, 308):
            places = (("Location", inside.url), ("Location", "https://169.254.169.254/"))
            outside.answering = lambda _got, s=status, p=places: Reply(s, p[:1])  # type: ignore[misc]
            assert _post(run, Sender(development=True), outside.url).status == status
        assert (len(outside.got), inside.got) == (5, [])


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/"])
def test_this_machine_is_for_development_only(url: str, run: Run, connections: Connections) -> None:
    ssrf.check_url(url, development=True)
    with pytest.raises(AddressRefusedError):
        ssrf.check_url(url)
    assert _post(run, Sender(), url).error == "address refused"
    assert connections == []


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1:9000/", "http://example.com/", "https://169.254.169.254/", "http://127.0.0.2/"]
)
def test_development_reaches_this_machine_and_no_other(url: str, run: Run, connections: Connections) -> None:
    with pytest.raises(AddressRefusedError):
        ssrf.check_url(url, development=True)
    assert _post(run, Sender(development=True), url).error == "address refused"
    assert connections == []


def test_the_environment_sends_nothing_through_a_proxy(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver() as proxy, Receiver() as receiver:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert _post(run, Sender(development=True), receiver.url).status == 204
        assert (len(receiver.got), proxy.got) == (1, [])


@pytest.fixture
def silent() -> Iterator[int]:
    """Listen, take connections, and never say a word; return the port."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)
        yield server.getsockname()[1]


def test_who_says_nothing_is_not_waited_for(silent: int, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.delivery.http_sender.SECONDS", 0.3)
    answer = _post(run, Sender(development=True), f"http://127.0.0.1:{silent}/")
    assert answer.error == "no answer in time"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 100,
        b"HTTP/1.1 999999999 x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 101 x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 20_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        b"HTTP/1.1 204\r\nretry-after: \xff\xff\r\n\r\n",
    ],
    ids=range(10),
)
def test_whatever_a_receiver_says_ends_in_an_answer(raw: bytes, run: Run) -> None:
    async def _serve() -> Any:
        async def _say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(100)
            writer.write(raw)
            writer.close()

        server = await asyncio.start_server(_say, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        sender = Sender(development=True)
        answer = await sender.post(f"http://127.0.0.1:{port}/", {}, b"{}")
        await sender.close()
        server.close()
        return answer

    answer = run(_serve())
    assert (answer.status is None) == (answer.error is not None)


def test_public_addresses_are_distinguished_from_all_others() -> None:
    assert not [address for address in INSIDE if ssrf.is_public(ip_address(address.partition("%")[0]))]
    assert ssrf.is_public(ip_address("8.8.8.8"))
    assert ssrf.is_public(ip_address("2606:4700::1111"))


def test_a_name_that_leads_nowhere_is_a_failure_that_may_pass(run: Run) -> None:
    def _nowhere(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    answer = _post(run, Sender(resolver=Resolver(look_up=_nowhere)), "https://hooks.example.com/")
    assert answer.error == "no connection"
