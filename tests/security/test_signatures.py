"""Signed requests: what holds is taken in place of an API key, whatever was altered is 401, and then nothing is stored."""

import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from ops.sandbox.signing import Signed
from services.access import signing_keys
from shared import serialisation
from shared.database import Database
from shared.errors import InvalidInputError, NotFoundError
from shared.privacy.keyring import KeyRing
from tests.problems import assert_problem
from tests.running import Stack
from tests.security.mutations import ALL, MUTATIONS, made, sign

Filing = Callable[..., dict[str, Any]]
JSON = {"content-type": "application/json"}
SOME_PAIR = Ed25519PrivateKey.generate()
PRIVATE = SOME_PAIR.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PUBLIC = SOME_PAIR.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _add(stack: Stack, name: str, algorithm: str = "hmac-sha256", public_key: bytes | None = None) -> Signed:
    async def _go(db: Database, ring: KeyRing) -> Signed:
        new = await signing_keys.add(
            db, name, algorithm=algorithm, ring=ring, actor="tests", public_key=public_key
        )
        return (
            Signed.with_secret(new.key_id, new.secret)
            if new.secret
            else Signed(new.key_id, PRIVATE, algorithm)
        )

    return stack.use_keys(_go)


@pytest.fixture(scope="module")
def hmac_key(stack: Stack) -> Signed:
    """Return a shared secret of the development carrier."""
    return _add(stack, "carrier-zto")


@pytest.fixture(scope="module")
def pair(stack: Stack) -> Signed:
    """Return a key pair of the development carrier."""
    return _add(stack, "carrier-zto", "ed25519", PUBLIC)


@pytest.fixture
def unstored(stack: Stack) -> Iterator[None]:
    """Assert that a test stores no complaint and remembers no nonce."""
    count = "SELECT (SELECT count(*) FROM complaint), (SELECT count(*) FROM signature_nonce)"
    before = tuple(stack.query(count)[0])
    yield
    assert tuple(stack.query(count)[0]) == before


@pytest.fixture
def post(stack: Stack, filing: Filing) -> Callable[..., httpx.Request]:
    """Return a function that builds a request which files a complaint, not yet signed."""

    def _post(path: str = "/v1/complaints", **changes: Any) -> httpx.Request:
        body = serialisation.to_bytes(filing(channel="CARRIER_FEED", **changes))
        headers = JSON | {"idempotency-key": secrets.token_hex(8)}
        return stack.http.build_request("POST", f"{stack.intake}{path}", content=body, headers=headers)

    return _post


@pytest.mark.parametrize("which", ["hmac_key", "pair"])
def test_a_signed_request_needs_no_api_key(
    which: str, stack: Stack, filing: Filing, request: pytest.FixtureRequest
) -> None:
    key: Signed = request.getfixturevalue(which)
    headers = {"idempotency-key": secrets.token_hex(8)}
    filed = stack.http.post(
        f"{stack.intake}/v1/complaints", json=filing(channel="CARRIER_FEED"), headers=headers, auth=key
    )
    assert filed.status_code == 201, filed.text
    number = filed.json()["number"]
    read = stack.http.get(f"{stack.intake}/v1/complaints?limit=5", auth=key)
    assert read.status_code == 200
    assert number in read.text
    # the request key makes the same of it, signed anew
    again = stack.http.post(
        f"{stack.intake}/v1/complaints", json=filing(channel="CARRIER_FEED"), headers=headers, auth=key
    )
    assert (again.status_code, again.content) == (201, filed.content)
    # its rights are those of the client
    assert_problem(stack.http.post(f"{stack.intake}/v1/imports", json={}, auth=key), 403, "forbidden")


def test_a_body_in_pieces_is_signed_like_any_other(stack: Stack, hmac_key: Signed) -> None:
    scan = {"event_id": "1", "waybill": "75312345678901", "system": "S10", "code": "EMI"}
    body = serialisation.to_bytes(scan | {"occurred_at": "2026-01-02T08:00:00+08:00"})
    url = f"{stack.intake}/v1/carrier/tracking"
    request = stack.http.build_request("POST", url, content=body, headers=JSON)
    sign(request, hmac_key, covered_component_ids=ALL[:4])
    headers = {name: value for name, value in request.headers.items() if name != "content-length"}
    chunked = stack.http.post(url, content=iter([body[:9], body[9:]]), headers=headers)
    assert_problem(chunked, 404, "no-case")


@pytest.mark.usefixtures("unstored")
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_whatever_was_altered_is_refused(
    mutation: str, stack: Stack, hmac_key: Signed, post: Callable[..., httpx.Request]
) -> None:
    request = MUTATIONS[mutation](post(), hmac_key)
    answer = stack.http.send(request)
    expected = "unauthenticated" if mutation == "with an API key besides" else "invalid-signature"
    assert_problem(answer, 401, expected)


@pytest.mark.parametrize("seconds", [-295, 295])
def test_within_the_window_clocks_may_differ(
    seconds: int, stack: Stack, hmac_key: Signed, post: Callable[..., httpx.Request]
) -> None:
    assert stack.http.send(made(seconds)(post(), hmac_key)).status_code == 201


def test_a_request_is_taken_once(stack: Stack, hmac_key: Signed, post: Callable[..., httpx.Request]) -> None:
    request = sign(post(), hmac_key)
    first = stack.http.send(request)
    assert first.status_code == 201
    count = stack.query("SELECT count(*) FROM complaint")[0][0]
    replayed = httpx.Request("POST", request.url, content=request.content, headers=request.headers)
    assert_problem(stack.http.send(replayed), 401, "invalid-signature")
    # another request with the same nonce is refused too
    nonce = re.search(r'nonce="([^"]+)"', request.headers["signature-input"])
    assert nonce is not None
    assert_problem(stack.http.send(sign(post(), hmac_key, nonce=nonce[1])), 401)
    assert stack.query("SELECT count(*) FROM complaint")[0][0] == count


@pytest.mark.usefixtures("unstored")
def test_a_revoked_key_signs_nothing(stack: Stack, post: Callable[..., httpx.Request]) -> None:
    key = _add(stack, "carrier-zto")
    stack.use(lambda db: signing_keys.revoke(db, key.key_id, actor="tests"))
    assert_problem(stack.http.send(sign(post(), key)), 401, "invalid-signature")
    with pytest.raises(NotFoundError):
        stack.use(lambda db: signing_keys.revoke(db, key.key_id, actor="tests"))


@pytest.mark.usefixtures("unstored")
def test_a_key_signs_by_its_own_algorithm_and_for_itself(
    stack: Stack, hmac_key: Signed, pair: Signed, post: Callable[..., httpx.Request]
) -> None:
    # the public half taken for a shared secret, by a message that says so, or says nothing
    for said in (True, False):
        forged = sign(post(), pair, algorithm="hmac-sha256", material=PUBLIC, include_alg=said)
        assert_problem(stack.http.send(forged), 401, "invalid-signature")
    other = _add(stack, "carrier-yto")
    swapped = sign(post(), hmac_key)
    swapped.headers["signature-input"] = swapped.headers["signature-input"].replace(
        hmac_key.key_id, other.key_id
    )
    assert_problem(stack.http.send(swapped), 401, "invalid-signature")


def test_the_signer_is_the_client_of_the_key(stack: Stack, post: Callable[..., httpx.Request]) -> None:
    other = _add(stack, "carrier-yto")
    # signed well, by a carrier that may not file for this one
    assert_problem(stack.http.send(sign(post(), other)), 422)
    assert stack.http.send(sign(post(carrier_code="YTO"), other)).status_code == 201


def test_a_signed_body_is_bounded_like_any_other(stack: Stack, hmac_key: Signed) -> None:
    url = f"{stack.intake}/v1/complaints/batch"
    great = stack.http.build_request("POST", url, content=b" " * (20 * 1024 * 1024 + 1), headers=JSON)
    assert_problem(
        stack.http.send(sign(great, hmac_key, covered_component_ids=ALL[:4])), 413, "body-too-large"
    )
    url = f"{stack.intake}/v1/complaints"
    # what the operation takes is still its own affair
    large = stack.http.build_request("POST", url, content=b" " * (65 * 1024), headers=JSON)
    answer = stack.http.send(sign(large, hmac_key, covered_component_ids=ALL[:4]))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("client", "algorithm", "public_key", "error"),
    [
        ("nobody", "hmac-sha256", None, NotFoundError),
        ("call-centre", "hmac-sha256", None, InvalidInputError),
        ("carrier-zto", "rsa-v1_5-sha256", PUBLIC, InvalidInputError),
        ("carrier-zto", "ed25519", None, InvalidInputError),
        ("carrier-zto", "ed25519", PRIVATE, InvalidInputError),
        ("carrier-zto", "hmac-sha256", PUBLIC, InvalidInputError),
    ],
)
def test_only_keys_that_fit_aremade(
    client: str, algorithm: str, public_key: bytes | None, error: type[Exception], stack: Stack
) -> None:
    with pytest.raises(error):
        _add(stack, client, algorithm, public_key)


def test_a_secret_is_kept_sealed(stack: Stack, hmac_key: Signed) -> None:
    [row] = stack.query("SELECT sealed_secret, public_key FROM signing_key WHERE id = $1", hmac_key.key_id)
    assert hmac_key.material not in bytes(row[0])
    assert row[1] is None
    listed = stack.use(signing_keys.listed)
    assert {"name", "key_id", "algorithm", "created_at", "revoked_at"} == set(listed[0])
    made = stack.query("SELECT data::text FROM audit_entry WHERE act = 'client.signing_key'")
    assert any(hmac_key.key_id in entry[0] for entry in made)
