"""What the receipt tells the sender although the complaint was taken: something was mapped, or looks odd."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """One remark on a field of a filing that was accepted all the same."""

    code: str
    pointer: str
    message: str

    def as_json(self) -> dict[str, str]:
        """Return the form in which a receipt shows it."""
        return {"code": self.code, "pointer": self.pointer, "message": self.message}
