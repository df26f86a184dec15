"""What intake answers: a receipt, stored so that the same request gets it again byte for byte, or a refusal."""

import uuid
from dataclasses import dataclass
from typing import ClassVar

from shared.errors import ConflictError, ShensuError


class KeyReusedError(ShensuError):
    """The same request key came before with another body."""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "request-key-reused"
    title: ClassVar[str] = "The request key was used for another complaint"


class InFlightError(ConflictError):
    """The same request is being worked on at this moment."""

    code: ClassVar[str] = "request-in-flight"
    title: ClassVar[str] = "The same request is being worked on"
    retryable: ClassVar[bool] = True


class RequestKeyMissingError(ShensuError):
    """The request cannot be distinguished from a repetition of itself."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "request-key-missing"
    title: ClassVar[str] = "A request key is needed"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A complaint that is stored. `receipt` is the answer's body; `replayed` tells that the request had come before.

    `work` is the kind of work that it leaves to the worker, for the doorbell.
    """

    complaint_id: uuid.UUID
    receipt: bytes
    replayed: bool
    work: str | None = None


Answer = Accepted | ShensuError
