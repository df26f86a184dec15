"""Sends one webhook and tells what came of it. Nothing of an answer is believed but its status and Retry-After."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
from httpx_secure import SSRFProtectionError, httpx_ssrf_protection

from services.delivery import retries, ssrf
from services.delivery.ssrf import AddressRefusedError, Resolver
from shared import clock

SECONDS = 10.0
"""To find the receiver, to connect, to send, and to hear a status."""
_REST_SECONDS = 1.0
"""For the rest of the answer, which changes nothing any more."""
ANSWER_LIMIT = 64 * 1024
IN_ALL = 128
"""The maximum number of concurrent requests to all receivers."""
_KEPT_SECONDS = 4.0
"""A connection is kept for less time than the common servers do, so that they do not close it under a request."""
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class WebhookResponse:
    """What came of a request: a status, or in a word why there is none; and the time that the receiver asks for."""

    status: int | None = None
    error: str | None = None
    wish: timedelta | None = None


class Sender:
    """A client that reaches receivers in the public network only; in development, this machine as well.

    `free` limits the concurrent requests of many deliveries.
    """

    def __init__(self, *, development: bool = False, resolver: Resolver | None = None) -> None:
        self._development = development
        self._resolver = resolver or Resolver(development=development)
        self.free = asyncio.Semaphore(IN_ALL)
        limits = httpx.Limits(max_connections=IN_ALL, keepalive_expiry=_KEPT_SECONDS)
        self._http = httpx_ssrf_protection(
            httpx.AsyncClient(
                timeout=SECONDS,
                follow_redirects=False,
                trust_env=False,
                limits=limits,
                headers={"user-agent": "shensu", "accept": "*/*", "accept-encoding": "identity"},
            ),
            check_globally_reachable=not development,
            custom_validator=ssrf.may_connect(development),
            dns_cache_ttl=ssrf.REMEMBERED_SECONDS,
        )

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookResponse:
        """Send a message once. Never raises for what the receiver or the network does."""
        try:
            return await self._post(url, headers, body)
        except (AddressRefusedError, SSRFProtectionError):
            return WebhookResponse(error="address refused")
        except (TimeoutError, httpx.TimeoutException):
            return WebhookResponse(error="no answer in time")
        except (httpx.ConnectError, OSError, UnicodeError):
            return WebhookResponse(error="no connection")
        except (httpx.HTTPError, httpx.InvalidURL):
            return WebhookResponse(error="the connection broke")

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookResponse:
        async with asyncio.timeout(SECONDS):
            ssrf.check_url(url, development=self._development)
            parts = urlsplit(url)
            await self._resolver.check(parts.hostname or "", parts.port or _PORTS[parts.scheme])
            request = self._http.build_request("POST", url, content=body, headers=dict(headers))
            answer = await self._http.send(request, stream=True)
        try:
            await _throw_away(answer)
        finally:
            await answer.aclose()
        return WebhookResponse(answer.status_code, wish=retries.wish_of(answer.headers, clock.now()))

    async def close(self) -> None:
        """Close every connection."""
        await self._http.aclose()


async def _throw_away(answer: httpx.Response) -> None:
    """Read what is left of an answer, so that its connection can be used again; one that goes on and on is hung up."""
    size = 0
    # the status has been said: how the rest ends changes nothing
    with contextlib.suppress(httpx.HTTPError, TimeoutError):
        async with asyncio.timeout(_REST_SECONDS):
            async for chunk in answer.aiter_raw():
                size += len(chunk)
                if size > ANSWER_LIMIT:
                    return
