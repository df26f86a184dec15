"""Callers: who is recognised by a key, with which scope."""

import asyncio
from dataclasses import dataclass

import pytest
from starlette.requests import Request

from shared.http import auth
from shared.http.auth import (
    Authenticator,
    ForbiddenError,
    UnauthenticatedError,
)


@dataclass
class _Caller:
    name: str = "a client"
    scopes: frozenset[str] = frozenset({"read"})
    per_minute: int = 10


class _Clients:
    """The clients by key, and which keys were looked up."""

    def __init__(self) -> None:
        self.by_key: dict[str, _Caller] = {"a-key": _Caller()}
        self.looked_up: list[str] = []

    async def look_up(self, key: str) -> _Caller | None:
        self.looked_up.append(key)
        return self.by_key.get(key)


def _request(authorization: str | None = "Bearer a-key") -> Request:
    headers = [] if authorization is None else [(b"authorization", authorization.encode())]
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize("authorization", ["Bearer a-key", "bearer a-key"])
def test_a_caller_is_recognised_by_its_key_and_noted_for_log_and_headers(authorization: str) -> None:
    request = _request(authorization)
    caller = asyncio.run(Authenticator(_Clients().look_up).authenticate(request, "write", "read"))
    assert caller.name == "a client"
    assert (request.scope["shensu.client"], request.scope["shensu.per_minute"]) == ("a client", 10)


@pytest.mark.parametrize(
    "authorization", [None, "", "a-key", "Bearer", "Bearer ", "Basic a-key", "Bearer other"]
)
def test_who_shows_no_valid_key_is_refused(authorization: str | None) -> None:
    with pytest.raises(UnauthenticatedError) as refusal:
        asyncio.run(Authenticator(_Clients().look_up).authenticate(_request(authorization), "read"))
    assert "other" not in str(refusal.value)


def test_a_key_without_the_scope_is_refused_with_the_scopes_that_would_do() -> None:
    with pytest.raises(ForbiddenError, match="write or admin"):
        asyncio.run(Authenticator(_Clients().look_up).authenticate(_request(), "write", "admin"))


def test_a_key_is_looked_up_once_until_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    clients = _Clients()
    authenticator = Authenticator(clients.look_up)

    async def _send() -> None:
        for _ in range(3):
            await authenticator.authenticate(_request(), "read")
        assert clients.looked_up == ["a-key"]
        clients.by_key.clear()
        await authenticator.authenticate(_request(), "read")
        monkeypatch.setattr(auth, "KEY_CACHE_SECONDS", 0.0)
        authenticator._cache.clear()
        with pytest.raises(UnauthenticatedError):
            await authenticator.authenticate(_request(), "read")

    asyncio.run(_send())


def test_a_wrong_key_is_never_kept() -> None:
    clients = _Clients()
    authenticator = Authenticator(clients.look_up)

    async def _send() -> None:
        for _ in range(2):
            with pytest.raises(UnauthenticatedError):
                await authenticator.authenticate(_request("Bearer new"), "read")
        clients.by_key["new"] = _Caller()
        await authenticator.authenticate(_request("Bearer new"), "read")

    asyncio.run(_send())
    assert clients.looked_up == ["new"] * 3
