"""Signatures at the door: under which address they hold, how often a key is looked up, when the nonce is remembered."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from ops.sandbox.signing import Signed
from shared import clock
from shared.http.auth import Authenticator, UnauthenticatedError
from shared.http.middleware import Middleware
from shared.http.signatures import WINDOW, SignatureError, Signatures
from shared.signing import SigningKey

SECRET = hashlib.sha256(b"a secret").digest()


@dataclass(frozen=True)
class _Caller:
    name: str = "a carrier"
    scopes: frozenset[str] = frozenset({"x"})
    per_minute: int = 10


@dataclass
class _House:
    """What signatures stand on, and what was asked of it."""

    looked_up: list[str] = field(default_factory=list)
    nonces: dict[tuple[str, str], datetime] = field(default_factory=dict)
    body: bytes = b""

    async def look_up(self, key_id: str) -> SigningKey[_Caller] | None:
        self.looked_up.append(key_id)
        return SigningKey(key_id, "hmac-sha256", SECRET, _Caller()) if key_id == "k" else None

    async def remember(self, key_id: str, nonce: str, until: datetime) -> bool:
        return self.nonces.setdefault((key_id, nonce), until) is until

    async def hold(self, _request: Request) -> bytes:
        return self.body

    def authenticator(self, public_url: str | None = None) -> Authenticator[_Caller]:
        async def _nobody(_key: str) -> _Caller | None:
            return None

        return Authenticator(
            _nobody, Signatures(self.look_up, self.remember, self.hold, public_url=public_url)
        )


def _signed(url: str, *, method: str = "POST", body: bytes = b"", key: str = "k") -> httpx.Request:
    headers = {"content-type": "application/json"}
    request = httpx.Request(method, url, content=body, headers=headers)
    return next(Signed(key, SECRET).auth_flow(request))


def _arrived(request: httpx.Request, url: str | None = None) -> Request:
    """Return a request as a server sees it; `url`: under another address, as behind a proxy."""
    seen = httpx.URL(url) if url is not None else request.url
    headers = [
        (name.lower().encode(), value.encode()) for name, value in request.headers.items() if name != "host"
    ]
    headers.append((b"host", seen.netloc))
    raw_path, _, query = seen.raw_path.partition(b"?")
    return Request(
        {
            "type": "http",
            "method": request.method,
            "scheme": seen.scheme,
            "path": seen.path,
            "raw_path": raw_path,
            "query_string": query,
            "headers": headers,
        }
    )


def _caller(house: _House, request: Request, public_url: str | None = None) -> _Caller:
    return asyncio.run(house.authenticator(public_url).authenticate(request, "x"))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8001/v1/a",
        "https://shensu.example.cn/v1/a?b=%E4%B8%AD&c=d+e",
        "http://shensu.example.cn:80/v1/%E4%B8%AD%2F",
        "http://shensu.example.cn",
    ],
)
def test_a_signature_holds_for_the_address_of_the_request(url: str) -> None:
    assert _caller(_House(), _arrived(_signed(url))).name == "a carrier"
    with pytest.raises(SignatureError):
        _caller(_House(), _arrived(_signed(url), "http://127.0.0.1:8001/v1/b"))


def test_a_signed_head_is_checked_by_the_method_that_was_sent_and_served_as_a_get() -> None:
    served: list[tuple[str, str]] = []
    house = _House()

    async def _app(scope: Scope, _receive: Receive, _send: Send) -> None:
        caller = await house.authenticator().authenticate(Request(scope), "x")
        served.append((caller.name, scope["method"]))

    async def _nothing(*_: object) -> Any:
        return None

    scope = _arrived(_signed("http://h/a", method="HEAD")).scope
    asyncio.run(Middleware(_app)(scope, _nothing, _nothing))
    assert served == [("a carrier", "GET")]


def test_behind_a_proxy_it_is_the_address_that_clients_use() -> None:
    public = "https://shensu.example.cn/api"
    request = _signed(f"{public}/v1/a?b=1")
    inside = "http://10.0.0.7:8001/v1/a?b=1"
    assert _caller(_House(), _arrived(request, inside), public).name == "a carrier"
    with pytest.raises(SignatureError):
        _caller(_House(), _arrived(request, inside))
    # whoever reaches the inside does not choose the address that is signed
    with pytest.raises(SignatureError):
        _caller(_House(), _arrived(_signed(inside)), public)


def test_a_key_is_looked_up_once_in_a_while_and_a_strange_one_each_time() -> None:
    house = _House()
    authenticator = house.authenticator()

    async def _go() -> None:
        for _ in range(3):
            await authenticator.authenticate(_arrived(_signed("http://h/a")), "x")
        for _ in range(2):
            with pytest.raises(SignatureError):
                await authenticator.authenticate(_arrived(_signed("http://h/a", key="strange")), "x")

    asyncio.run(_go())
    assert house.looked_up == ["k", "strange", "strange"]


def test_a_nonce_is_remembered_longer_than_its_request_could_be_taken() -> None:
    house = _House()
    _caller(house, _arrived(_signed("http://h/a")))
    [until] = house.nonces.values()
    assert until >= clock.now() + WINDOW + timedelta(seconds=290)


def test_what_is_refused_uses_up_no_nonce() -> None:
    house = _House(body=b"another body")
    request = _signed("http://h/a", body=b"the body")
    with pytest.raises(SignatureError, match="not the one that was signed"):
        _caller(house, _arrived(request))
    assert house.nonces == {}
    house.body = b"the body"
    assert _caller(house, _arrived(request)).name == "a carrier"
    with pytest.raises(SignatureError, match="nonce was used before"):
        _caller(house, _arrived(request))


def test_a_door_without_signatures_asks_for_a_key() -> None:
    async def _nobody(_key: str) -> _Caller | None:
        return None

    with pytest.raises(UnauthenticatedError, match="Authorization"):
        asyncio.run(Authenticator(_nobody).authenticate(_arrived(_signed("http://h/a")), "x"))


FIELD = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=80)
NEARLY = st.sampled_from(
    [
        "s=()",
        's=("@method");created=1',
        "s=1;created=1",
        's=("@method" "@authority" "@target-uri");created=?1;keyid="k"',
        's=("@method");keyid=k;created=99999999999999999',
        's=(1 2);keyid="k";nonce="12345678";created=1',
        "a=(), b=()",
    ]
)


@given(FIELD | NEARLY)
def test_whatever_stands_in_the_header_is_refused_and_never_a_fault(value: str) -> None:
    signed: Any = _signed("http://h/a")
    headers = [(name, text) for name, text in signed.headers.items() if name != "signature-input"]
    request = _arrived(httpx.Request("POST", "http://h/a", headers=headers))
    request.scope["headers"].append((b"signature-input", value.encode("latin-1")))
    with pytest.raises(UnauthenticatedError):
        _caller(_House(), request)
