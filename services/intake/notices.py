"""What the receipt tells the sender although the complaint was taken: something was mapped, or looks odd."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """One remark on a field of a filing that was accepted all the same."""

    code: str
    pointer: str
    message: str
