"""Keeps webhooks out of our own network: which addresses may be registered, and which may be connected to.

An address is checked three times: as it is written when it is registered; where its name leads before anything is
sent (`Resolver`, so that not even a connection is tried); and what is really connected to, by `httpx-secure`, which a
name that changes its mind in between does not get past. Development may send to the machine itself, and only there
without TLS.
"""

import asyncio
import re
import socket
import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, ClassVar
from urllib.parse import SplitResult, urlsplit

from shared.errors import FieldError, InvalidInputError

IpAddress = IPv4Address | IPv6Address

HTTPS_PORT = 443
LEAST_PORT = 1024
"""Below it lie the services of an operating system: mail, name service, remote shells."""
_LONGEST = 500
_LOCAL_NAMES = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "arpa",
    "test",
)
"""Last labels that never name a host of the public network (RFC 6761, RFC 6762, RFC 8375, and habit)."""
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.ASCII)
REMEMBERED_SECONDS = 60.0


class AddressRefusedError(InvalidInputError):
    """The address is not one that webhooks are sent to."""

    code: ClassVar[str] = "address-refused"
    title: ClassVar[str] = "Webhooks are not sent to this address"


def _refused(what: str) -> AddressRefusedError:
    return AddressRefusedError(
        f"Webhooks are not sent to this address: {what}.", [FieldError("/url", "address-refused", what)]
    )


def check_url(url: str, *, development: bool = False) -> None:
    """Raise AddressRefusedError unless webhooks may be sent to an address, as far as its text tells."""
    if len(url) > _LONGEST or not (url.isascii() and url.isprintable()) or " " in url or "\\" in url:
        raise _refused(f"write it in at most {_LONGEST} visible ASCII characters, a name in its xn-- form")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("it cannot be read") from None
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host:
        raise _refused("it has to begin with https:// and a host")
    if "@" in parts.netloc or "#" in url:
        raise _refused("it may hold no user, no password and no fragment")
    if development and host in {"localhost", "127.0.0.1", "::1"}:
        return
    _check_public(parts, host, port)


def _check_public(parts: SplitResult, host: str, port: int | None) -> None:
    if parts.scheme != "https":
        raise _refused("it has to begin with https://")
    if port is not None and port != HTTPS_PORT and port < LEAST_PORT:
        raise _refused(f"its port has to be {HTTPS_PORT}, or {LEAST_PORT} or more")
    labels = host.split(".")
    # what a system's resolver takes for an address in numbers, however it is written, has to be written plainly
    if ":" in host or _NUMBER.fullmatch(labels[-1]):
        if not is_public(_plain(host)):
            raise _refused("it leads into a private or special network")
    elif len(labels) == 1 or labels[-1] in _LOCAL_NAMES or not all(map(_LABEL.fullmatch, labels)):
        raise _refused("its host has to be a full name of the public network")


def _plain(host: str) -> IpAddress:
    try:
        return ip_address(host)
    except ValueError:
        raise _refused("an address in numbers is written with four decimal numbers, or as IPv6") from None


def is_public(address: IpAddress) -> bool:
    """Report whether an address belongs to the public network, and embeds no other address.

    IPv6 addresses that hold one of IPv4 (mapped, compatible, NAT64) lie in the reserved ::/8.
    """
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    if isinstance(address, IPv6Address):
        special = special or address.is_site_local or address.sixtofour is not None
    return address.is_global and not special


def may_connect(development: bool) -> Callable[[str, IpAddress, int], bool]:  # noqa: FBT001 - the one thing it depends on
    """Return what tells a client whether it may connect to an address that a name led to."""

    def _may(_name: str, address: IpAddress, _port: int) -> bool:
        return is_public(address) or (development and address.is_loopback)

    return _may


class Resolver:
    """Resolves a name, and refuses it if any of its addresses is in a private network."""

    def __init__(
        self, *, development: bool = False, look_up: Callable[..., Any] = socket.getaddrinfo
    ) -> None:
        self._may = may_connect(development)
        self._look_up = look_up
        self._known: dict[tuple[str, int], float] = {}

    async def check(self, host: str, port: int) -> None:
        """Raise AddressRefusedError for a name that leads where webhooks are not sent; OSError where it leads nowhere."""
        if self._known.get((host, port), 0.0) > time.monotonic():
            return
        loop = asyncio.get_running_loop()
        resolved = await loop.run_in_executor(
            None, lambda: self._look_up(host, port, type=socket.SOCK_STREAM)
        )
        addresses = [ip_address(str(place[0]).partition("%")[0]) for *_, place in resolved]
        if not addresses or not all(self._may(host, address, port) for address in addresses):
            raise _refused("its name leads into a private or special network")
        self._known[host, port] = time.monotonic() + REMEMBERED_SECONDS
