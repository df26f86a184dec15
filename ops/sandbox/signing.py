"""Signs requests by RFC 9421, as a carrier or a portal does instead of sending an API key."""

import base64
import secrets
from collections.abc import Generator
from dataclasses import dataclass, field

import httpx
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver

from shared import clock
from shared.http.signatures import REQUEST_KEY, REQUIRED
from shared.signing import ALGORITHMS

_NONCE_BYTES = 16


@dataclass
class Signed(httpx.Auth):
    """Signs each request of an `httpx` client: method, address, body, and the request key if there is one.

    `material` is the shared secret, or the private key (PEM) of ed25519.
    """

    key_id: str
    material: bytes = field(repr=False)
    algorithm: str = "hmac-sha256"

    requires_request_body = True

    @classmethod
    def with_secret(cls, key_id: str, secret: str) -> "Signed":
        """Return a signer with a shared secret, in the form of `ops client add-signing-key`."""
        return cls(key_id, base64.b64decode(secret))

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign one request, with a nonce of its own."""
        resolver = MappingKeyResolver(public_keys={}, private_keys={self.key_id: self.material})
        signer = HTTPMessageSigner(signature_algorithm=ALGORITHMS[self.algorithm], key_resolver=resolver)
        components = [*REQUIRED, *([REQUEST_KEY] if REQUEST_KEY in request.headers else [])]
        signer.sign(
            request,
            key_id=self.key_id,
            created=clock.now(),
            nonce=secrets.token_urlsafe(_NONCE_BYTES),
            covered_component_ids=components,
            body=request.content or None,
        )
        yield request
