"""Ways to spoil a signed request: what is altered after signing, left out of it, or signed wrongly."""

import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver

from ops.sandbox.signing import Signed
from shared import clock
from shared.signing import ALGORITHMS

ALL = ("@method", "@authority", "@target-uri", "content-digest", "idempotency-key")
Spoil = Callable[[httpx.Request, Signed], httpx.Request]


def sign(request: httpx.Request, key: Signed, **how: Any) -> httpx.Request:
    """Sign as told; by default all that is needed."""
    algorithm = ALGORITHMS[how.pop("algorithm", key.algorithm)]
    resolver = MappingKeyResolver(
        public_keys={}, private_keys={key.key_id: how.pop("material", key.material)}
    )
    chosen: dict[str, Any] = {
        "key_id": key.key_id,
        "created": clock.now(),
        "nonce": secrets.token_hex(8),
        "covered_component_ids": ALL,
        "body": request.content,
    } | how
    HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=resolver).sign(request, **chosen)
    return request


def _altered_body(request: httpx.Request, key: Signed) -> httpx.Request:
    signed = sign(request, key)
    content = signed.content.replace(b"DELIVERY_SERVICE", b"OVERCHARGE")
    headers = {name: value for name, value in signed.headers.items() if name != "content-length"}
    return httpx.Request("POST", signed.url, content=content, headers=headers)


def _altered(**changes: str) -> Spoil:
    """Sign, and send it by another method, to another address, or with other headers."""

    def _change(request: httpx.Request, key: Signed) -> httpx.Request:
        signed = sign(request, key)
        url = str(signed.url) + changes.get("path", "")
        headers = {
            **signed.headers,
            **{name: value for name, value in changes.items() if name not in {"path", "method"}},
        }
        return httpx.Request(changes.get("method", "POST"), url, content=signed.content, headers=headers)

    return _change


def _signed_as(**parameters: str) -> Spoil:
    """Sign what is not sent: another method or another host."""

    def _lie(request: httpx.Request, key: Signed) -> httpx.Request:
        url = str(request.url).replace("127.0.0.1", parameters.get("host", "127.0.0.1"))
        other = httpx.Request(
            parameters.get("method", "POST"), url, content=request.content, headers=request.headers
        )
        other.headers["host"] = request.headers["host"]
        sign(other, key)
        return httpx.Request("POST", request.url, content=request.content, headers=other.headers)

    return _lie


def _how(**how: Any) -> Spoil:
    return lambda request, key: sign(request, key, **how)


def made(seconds: float) -> Spoil:
    return lambda request, key: sign(request, key, created=clock.now() + timedelta(seconds=seconds))


def _header(name: str, change: Callable[[str], str]) -> Spoil:
    def _change(request: httpx.Request, key: Signed) -> httpx.Request:
        signed = sign(request, key)
        signed.headers[name] = change(signed.headers[name])
        return signed

    return _change


def _without(name: str) -> Spoil:
    def _drop(request: httpx.Request, key: Signed) -> httpx.Request:
        signed = sign(request, key)
        del signed.headers[name]
        return signed

    return _drop


def _twice_signed(request: httpx.Request, key: Signed) -> httpx.Request:
    sign(request, key, label="a")
    sign(request, key, label="b", append_if_signature_exists=True, use_existing_digest=True)
    return request


def _truncated(value: str) -> str:
    return re.sub(r":([A-Za-z0-9+/]+)[A-Za-z0-9+/]{4}=*:", r":\1:", value)


def _a_second_on(value: str) -> str:
    return re.sub(r"created=(\d+)", lambda made: f"created={int(made[1]) + 1}", value)


MUTATIONS: dict[str, Spoil] = {
    "altered body": _altered_body,
    "altered path": _altered(path="/batch"),
    "added query": _altered(path="?limit=1"),
    "another method": _signed_as(method="PUT"),
    "another host": _signed_as(host="shensu.example.cn"),
    "another request key": _header("idempotency-key", lambda _: "another-key"),
    "another digest": _header("content-digest", lambda value: value.replace(":", ":A", 1)[:-2] + ":"),
    **{
        f"{name} not covered": _how(
            covered_component_ids=[component for component in ALL if component != name], body=None
        )
        if name == "content-digest"
        else _how(covered_component_ids=[component for component in ALL if component != name])
        for name in ALL
    },
    "covered in part": _how(covered_component_ids=[*ALL[:2], "@path", *ALL[3:]]),
    "too old": made(-301),
    "from the future": made(302),
    "expired": _how(expires=clock.now() - timedelta(seconds=1)),
    "no nonce": _how(nonce=None),
    "a short nonce": _how(nonce="1234567"),
    "another secret": _how(material=b"x" * 32),
    "truncated signature": _header("signature", _truncated),
    "empty signature": _header("signature", lambda _: "pyhms=::"),
    "no signature": _without("signature"),
    "signature of another label": _header("signature", lambda value: value.replace("pyhms", "other")),
    "another created": _header("signature-input", _a_second_on),
    "another nonce": _header(
        "signature-input", lambda value: re.sub(r'nonce="[^"]+"', 'nonce="0123456789abcdef"', value)
    ),
    "unknown key": _header(
        "signature-input", lambda value: re.sub(r'keyid="[^"]+"', 'keyid="sk-0000"', value)
    ),
    "no key": _header("signature-input", lambda value: re.sub(r';keyid="[^"]+"', "", value)),
    "another algorithm": _header("signature-input", lambda value: value.replace("hmac-sha256", "ed25519")),
    "no list of components": _header("signature-input", lambda _: 'pyhms="x"'),
    "not a structured field": _header("signature-input", lambda _: "((("),
    "signed twice": _twice_signed,
    "with an API key besides": _altered(authorization="Bearer sk_test_x_y_z"),
}
