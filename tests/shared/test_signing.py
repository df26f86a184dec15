"""Keys of signatures: their algorithms verify what was signed, and no secret shows."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shared.signing import ALGORITHMS, SigningKey

_PAIR = Ed25519PrivateKey.generate()
PRIVATE = _PAIR.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PUBLIC = _PAIR.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
KEYS = {"hmac-sha256": (b"a secret", b"a secret"), "ed25519": (PRIVATE, PUBLIC)}


def test_every_algorithm_has_keys_in_this_test() -> None:
    assert KEYS.keys() == ALGORITHMS.keys()


@pytest.mark.parametrize("name", ALGORITHMS)
def test_an_algorithm_verifies_by_its_name_what_was_signed(name: str) -> None:
    private, public = KEYS[name]
    algorithm = ALGORITHMS[name]
    assert algorithm.algorithm_id == name
    signature = algorithm(private_key=private).sign(b"a message")
    verifier = algorithm(public_key=public)
    verifier.verify(signature, b"a message")
    with pytest.raises(InvalidSignature):
        verifier.verify(signature, b"another message")


def test_a_key_shows_no_secret() -> None:
    assert repr(SigningKey("k", "hmac-sha256", b"a secret", "a caller")) == (
        "SigningKey(id='k', algorithm='hmac-sha256')"
    )
