"""The name that a file came with: cleaned, sealed, and given back with the extension of what the file is."""

import uuid
from urllib.parse import quote, unquote

from services.evidence import kinds
from shared import identifiers
from shared.privacy.keyring import KeyRing

LONGEST = 120
_NO_NAME = "evidence"


def clean(name: str | None) -> str | None:
    """Return a name that was sent percent-encoded, without folders and control characters; None where nothing is left.

    It is only ever shown and sent back as the name of a download; no path is made of it.
    """
    if name is None:
        return None
    text = identifiers.plain(unquote(name, errors="replace")).replace("\\", "/").rpartition("/")[2]
    kept = "".join(each for each in text if each.isprintable() and each not in '<>:"|?*').strip(" .")
    return kept[-LONGEST:] or None


def seal(name: str | None, ring: KeyRing, evidence_id: uuid.UUID) -> bytes:
    """Seal a name, bound to its file."""
    return ring.seal((name or "").encode(), bound_to=_binding(evidence_id))


def read(sealed: bytes, ring: KeyRing, evidence_id: uuid.UUID) -> str | None:
    """Return the name of a file. Raises SealBrokenError."""
    return ring.unseal(bytes(sealed), bound_to=_binding(evidence_id)).decode() or None


def _binding(evidence_id: uuid.UUID) -> bytes:
    return b"evidence_name|" + evidence_id.bytes


def disposition(name: str | None, media_type: str) -> str:
    """Return the Content-Disposition of a download: never shown in place, and with the extension of what it is."""
    extension = kinds.KINDS[media_type].extension
    stem, dot, suffix = (name or _NO_NAME).rpartition(".")
    same = {extension, "jpeg"} if extension == "jpg" else {extension}
    whole = f"{stem}{dot}{suffix}" if dot and suffix.lower() in same else f"{name or _NO_NAME}.{extension}"
    return f"attachment; filename=\"{_NO_NAME}.{extension}\"; filename*=UTF-8''{quote(whole, safe='')}"
