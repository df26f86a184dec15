"""A carrier's client of the platform: read a case and the feed, acknowledge, reply, push scans."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import httpx

from shared.serialisation import Json


class ApiKey(httpx.Auth):
    """Sends an API key with each request."""

    def __init__(self, key: str) -> None:
        self._header = f"Bearer {key}"

    def auth_flow(self, request: httpx.Request) -> Any:
        """Add the key to one request."""
        request.headers["Authorization"] = self._header
        yield request


class CarrierApi:
    """A client of `/v1/carrier` with an API key or signatures (`ops.sandbox.signing`); returns the raw responses."""

    def __init__(self, intake: str, auth: httpx.Auth) -> None:
        self._http = httpx.Client(base_url=f"{intake}/v1/carrier", auth=auth, timeout=30, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def case(self, number: str) -> httpx.Response:
        """Read one case, unmasked."""
        return self._http.get(f"/cases/{number}")

    def feed(self, after: str | None, limit: int = 100) -> httpx.Response:
        """Read the feed behind a cursor."""
        query: dict[str, str | int] = {"limit": limit} | ({"after": after} if after else {})
        return self._http.get("/cases", params=query)

    def acknowledge(self, number: str) -> httpx.Response:
        """Acknowledge a case."""
        return self._http.post(f"/cases/{number}/acknowledge")

    def reply(self, number: str, reply: Json) -> httpx.Response:
        """Reply to a case."""
        return self._http.post(f"/cases/{number}/replies", json=reply)

    def replies(self, number: str) -> httpx.Response:
        """Read the replies that were sent."""
        return self._http.get(f"/cases/{number}/replies")

    def track(self, scans: Json | Sequence[Json]) -> httpx.Response:
        """Push one scan or several."""
        return self._http.post("/tracking", json=scans)
