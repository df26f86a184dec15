"""Search without readable data: HMAC-SM3 of a normalised value under a key that is never in the database."""

from cryptography.hazmat.primitives import hmac
from cryptography.hazmat.primitives.hashes import SM3

INDEX_BYTES = 12


class BlindIndex:
    """Keyed indexes with one key context per purpose, so that a phone never matches an identity number by accident."""

    def __init__(self, key: bytes) -> None:
        self._contexts = {
            purpose: self._context(key, purpose) for purpose in ("phone", "identity", "waybill")
        }

    @staticmethod
    def _context(key: bytes, purpose: str) -> hmac.HMAC:
        derived = hmac.HMAC(key, SM3())
        derived.update(b"shensu blind index " + purpose.encode())
        return hmac.HMAC(derived.finalize(), SM3())

    def of(self, purpose: str, normal_form: str) -> bytes:
        """Return the 96-bit index of an already normalised value for `phone`, `identity` or `waybill`."""
        context = self._contexts[purpose].copy()
        context.update(normal_form.encode())
        return context.finalize()[:INDEX_BYTES]
