"""Which addresses webhooks are sent to: full names of the public network by TLS; the battery stands in tests/security."""

import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import pytest

from services.delivery import ssrf
from services.delivery.ssrf import AddressRefusedError, Resolver

Run = Callable[[Any], Any]


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com/shensu",
        "https://hooks.example.com:8443/a?b=c",
        "https://xn--fiqs8s.cn/",
        "https://8.8.8.8/",
    ],
)
def test_a_public_address_is_taken(url: str) -> None:
    ssrf.check_url(url)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example.com/", "https://"),
        ("ftp://hooks.example.com/", "https://"),
        ("https:///hooks", "a host"),
        ("https://user@hooks.example.com/", "no user"),
        ("https://hooks.example.com/#a", "no fragment"),
        ("https://hooks.example.com:22/", "port"),
        ("https://hooks.example.com:99999/", "cannot be read"),
        ("https://hooks/", "full name"),
        ("https://printer.local/", "full name"),
        ("https://-a.example.com/", "full name"),
        ("https://127.0.0.1/", "private"),
        ("https://[::1]/", "private"),
        ("https://10.1.2.3/", "private"),
        ("https://0x7f000001/", "four decimal numbers"),
        ("https://2130706433/", "four decimal numbers"),
        ("https://例子.cn/", "ASCII"),
        ("https://hooks.example.com/" + "a" * 500, "at most 500"),
        ("https://hooks.example.com\\@10.0.0.1/", "ASCII"),
    ],
)
def test_any_other_is_refused_with_the_reason(url: str, why: str) -> None:
    with pytest.raises(AddressRefusedError, match=why) as refused:
        ssrf.check_url(url)
    assert [fault.pointer for fault in refused.value.errors] == ["/url"]
    # in development this machine is let in, and nothing else
    with pytest.raises(AddressRefusedError):
        ssrf.check_url(url.replace("127.0.0.1", "127.0.0.2").replace("::1", "::2"), development=True)


def test_development_reaches_this_machine_without_tls() -> None:
    for url in ("http://127.0.0.1:8000/hooks", "http://localhost/", "http://[::1]:9/"):
        ssrf.check_url(url, development=True)
        with pytest.raises(AddressRefusedError):
            ssrf.check_url(url)
    may, must_not = ssrf.may_connect(development=True), ssrf.may_connect(development=False)
    here, inside = ip_address("127.0.0.1"), ip_address("10.0.0.1")
    assert (may("x", here, 80), may("x", inside, 80), must_not("x", here, 80)) == (True, False, False)


@pytest.fixture
def resolver() -> Callable[..., tuple[Resolver, list[str]]]:
    """Return a function that makes a resolver to which names lead to these addresses, and the list of what it looked up."""

    def _resolver(*addresses: str) -> tuple[Resolver, list[str]]:
        queries: list[str] = []

        def _look_up(host: str, port: int, **_: Any) -> list[Any]:
            queries.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        return Resolver(look_up=_look_up), queries

    return _resolver


@pytest.mark.parametrize(
    "addresses", [["10.0.0.1"], ["8.8.8.8", "192.168.0.1"], ["fe80::1%eth0"], ["::ffff:8.8.8.8"], []]
)
def test_a_name_that_leads_inside_with_one_of_its_addresses_is_refused(
    addresses: list[str], resolver: Callable[..., Any], run: Run
) -> None:
    names, _ = resolver(*addresses)
    with pytest.raises(AddressRefusedError, match="leads into"):
        run(names.check("hooks.example.com", 443))


def test_a_name_that_leads_outside_is_remembered_for_its_port(resolver: Callable[..., Any], run: Run) -> None:
    names, queries = resolver("8.8.8.8", "2001:4860:4860::8888")
    for port in (443, 443, 8443):
        run(names.check("hooks.example.com", port))
    assert queries == ["hooks.example.com"] * 2
