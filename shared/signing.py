"""Keys that sign requests (RFC 9421): their algorithms and owners."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from http_message_signatures import HTTPSignatureAlgorithm
from http_message_signatures.algorithms import ED25519, HMAC_SHA256

ALGORITHMS: Mapping[str, type[HTTPSignatureAlgorithm]] = {
    "hmac-sha256": HMAC_SHA256,
    "ed25519": ED25519,
}

CallerT = TypeVar("CallerT")


@dataclass(frozen=True, slots=True)
class SigningKey(Generic[CallerT]):
    """A key that signs requests: its algorithm, its secret or public key (PEM), and its owner."""

    id: str
    algorithm: str
    material: bytes
    caller: CallerT

    def __repr__(self) -> str:
        return f"SigningKey(id={self.id!r}, algorithm={self.algorithm!r})"
