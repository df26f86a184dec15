"""HTTP calls of the demo: with an API key, retries where the service asks for them, and one clear sentence on refusal."""

import asyncio
import time
from typing import Any

import httpx

from ops.stack.processes import StackError

_ATTEMPTS = 8
_PATIENCE = httpx.Timeout(60, connect=5)
_TRY_AGAIN = frozenset({409, 429, 502, 503})


def caller(url: str, key: str) -> httpx.AsyncClient:
    """Return a client for one of the services, under one API key."""
    return httpx.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {key}"},
        timeout=_PATIENCE,
        trust_env=False,
    )


async def ask(client: httpx.AsyncClient, method: str, path: str, **parameters: Any) -> Any:
    """Return the JSON of an answer; a retryable request is repeated. Raises StackError with the refusal."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            response = await client.request(method, path, **parameters)
        except httpx.TransportError as error:
            if attempt == _ATTEMPTS:
                raise StackError(f"{client.base_url} does not answer: {type(error).__name__}") from error
            await asyncio.sleep(attempt * 0.2)
            continue
        if response.is_success:
            return response.json()
        if response.status_code not in _TRY_AGAIN or attempt == _ATTEMPTS:
            break
        await asyncio.sleep(float(response.headers.get("retry-after", attempt * 0.2)))
    raise StackError(f"{method} {path} was answered {response.status_code}: {_problem(response)}")


def _problem(response: httpx.Response) -> str:
    try:
        problem = response.json()
    except ValueError:
        return "no problem document"
    faults = "; ".join(f"{fault['pointer']}: {fault['message']}" for fault in problem.get("errors", [])[:3])
    return f"{problem.get('detail', '')} {faults}".strip()


class Patience:
    """The moment at which waiting ends."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        """Whether the moment has passed."""
        return time.monotonic() > self._ends
