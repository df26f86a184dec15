"""A carrier as it uses the interface, and a case that was handed on to it, for tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.running import Stack, wait_for


@dataclass(frozen=True, slots=True)
class Carrier:
    """A client that asks under the key of one enterprise."""

    stack: Stack
    client: str

    def get(self, path: str, **query: Any) -> httpx.Response:
        """Read something."""
        headers = self.stack.as_client(self.client)
        return self.stack.http.get(f"{self.stack.intake}/v1/carrier{path}", params=query, headers=headers)

    def post(self, path: str, body: Any = None) -> httpx.Response:
        """Send something."""
        headers = self.stack.as_client(self.client)
        return self.stack.http.post(f"{self.stack.intake}/v1/carrier{path}", json=body, headers=headers)

    def pull(self, after: str | None = None, **query: Any) -> tuple[list[dict[str, Any]], str]:
        """Read the feed until nothing is new; return the entries and the last cursor."""
        events: list[dict[str, Any]] = []
        while True:
            page = self.get("/cases", **({"after": after} if after else {}), **query).json()
            if not page["items"]:
                return events, page["next"]
            events += page["items"]
            after = page["next"]


def forward(stack: Stack, filing: Mapping[str, Any]) -> str:
    """File a complaint and wait until its enterprise has it; return its number."""
    number: str = stack.post(filing).json()["number"]
    wait_for(
        lambda: stack.get(f"/v1/complaints/{number}").json()["status"] == "FORWARDED" or None, "forwarded"
    )
    return number
