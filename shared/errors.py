"""Business errors, one class each; its docstring is the meaning. One handler renders them as RFC 9457 problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of an input: where (JSON pointer), what kind (code) and what to change. Never the value itself."""

    pointer: str
    code: str
    message: str


@dataclass(eq=False)
class ShensuError(Exception):
    """An error that the caller can understand and correct."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Internal error"
    retryable: ClassVar[bool] = False

    detail: str
    errors: Sequence[FieldError] = field(default=())
    retry_after: int | None = None
    members: Mapping[str, Any] = field(default_factory=dict)
    """Further members of the problem (RFC 9457, 3.2), such as the state that the request conflicts with."""

    def __str__(self) -> str:
        return self.detail


class InternalError(ShensuError):
    """A fault of the platform; it is logged, and the same request may be sent again."""

    retryable = True


class InvalidInputError(ShensuError):
    """The body or the parameters do not have the form that this operation takes."""

    status = 422
    code = "invalid-input"
    title = "The input does not have the required form"


class MalformedBodyError(ShensuError):
    """The body cannot be read: it is not JSON, truncated, or nested too deeply."""

    status = 400
    code = "malformed-body"
    title = "The body cannot be read"


class NotFoundError(ShensuError):
    """The object does not exist, or the caller may not see it."""

    status = 404
    code = "not-found"
    title = "Not found"


class ConflictError(ShensuError):
    """The request does not fit the present state."""

    status = 409
    code = "conflict"
    title = "Conflict with the present state"


class UnavailableError(ShensuError):
    """The service cannot answer now; the same request may be sent again."""

    status = 503
    code = "unavailable"
    title = "Temporarily unavailable"
    retryable = True
