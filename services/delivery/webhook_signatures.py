"""Secrets of webhooks and the signatures made with them (Standard Webhooks); two sign while one takes the other's place."""

import base64
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook

from services.delivery import envelopes
from shared.privacy.keyring import KeyRing

_PREFIX = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """Return a fresh secret, in the form in which it is shown once and given to libraries that verify."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def seal(secret: str, ring: KeyRing, endpoint_id: uuid.UUID) -> bytes:
    """Seal a secret, bound to its endpoint."""
    return ring.seal(secret.encode(), bound_to=_binding(endpoint_id))


def unseal(sealed: bytes, ring: KeyRing, endpoint_id: uuid.UUID) -> str:
    """Open a secret. Raises SealBrokenError if it was altered, or belongs to another endpoint."""
    return ring.unseal(sealed, bound_to=_binding(endpoint_id)).decode()


def _binding(endpoint_id: uuid.UUID) -> bytes:
    return b"endpoint|" + endpoint_id.bytes


def headers(opened: Sequence[str], message_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers of one attempt: the message's id, the moment of the attempt, a signature by each secret."""
    text = body.decode()
    signatures = [Webhook(secret).sign(message_id, at, text) for secret in opened]
    return {
        "content-type": envelopes.CONTENT_TYPE,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
