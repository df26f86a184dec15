"""The sealed record of a case: its persons and the words of the complaint, bound to its row."""

import uuid


def binding(complaint_id: uuid.UUID) -> bytes:
    """Return what a sealed record is bound to: moved to another row, it does not open."""
    return b"complaint_party|" + complaint_id.bytes
