"""Signing as a carrier does: the platform recognises it, and each request has a nonce of its own."""

import base64
from typing import Any

import httpx
import pytest

from ops.sandbox.signing import Signed
from services.access import signing_keys
from shared.database import Database
from shared.privacy.keyring import KeyRing
from tests.running import Stack


def _sign(request: httpx.Request) -> httpx.Request:
    return next(Signed.with_secret("k", base64.b64encode(b"x" * 32).decode()).auth_flow(request))


def test_a_signature_covers_method_address_and_body_and_the_request_key_where_there_is_one() -> None:
    url = "http://127.0.0.1/v1/a?b=1"
    plain = _sign(httpx.Request("GET", url)).headers["signature-input"]
    whole = _sign(httpx.Request("POST", url, json={}, headers={"Idempotency-Key": "k"})).headers[
        "signature-input"
    ]
    for component in ('"@method"', '"@authority"', '"@target-uri"', 'keyid="k"'):
        assert component in plain
        assert component in whole
    assert '"content-digest"' not in plain
    assert '"content-digest"' in whole
    assert '"idempotency-key"' in whole


def test_no_two_requests_have_the_same_nonce() -> None:
    first, second = (_sign(httpx.Request("GET", "http://127.0.0.1/")) for _ in range(2))
    assert first.headers["signature-input"] != second.headers["signature-input"]


def test_a_secret_shows_in_no_repr() -> None:
    secret = base64.b64encode(b"a secret").decode()
    assert repr(Signed.with_secret("k", secret)) == "Signed(key_id='k', algorithm='hmac-sha256')"


@pytest.mark.parametrize("body", [None, {}], ids=["read", "step"])
def test_the_platform_recognises_who_signed(body: Any, stack: Stack) -> None:
    stack.new_client("carrier", "carrier:exchange", carrier_code="JD")
    [(name,)] = stack.query(
        "SELECT name FROM client WHERE carrier_code = 'JD' ORDER BY created_at DESC LIMIT 1"
    )

    async def _add(db: Database, ring: KeyRing) -> signing_keys.NewSigningKey:
        return await signing_keys.add(db, name, algorithm="hmac-sha256", ring=ring, actor="tests")

    new = stack.use_keys(_add)
    assert new.secret is not None
    auth = Signed.with_secret(new.key_id, new.secret)
    url = f"{stack.intake}/v1/carrier/cases"
    if body is None:
        assert stack.http.get(url, auth=auth).status_code == 200
        wrong = Signed(new.key_id, b"x" * 32)
        assert stack.http.get(url, auth=wrong).status_code == 401
    else:
        unknown = f"{url}/20261124000000017/acknowledge"
        assert stack.http.post(unknown, json=body, auth=auth).status_code == 404
