"""Bodies as they come in: the content type is checked, the size is limited while reading, nothing is buffered beyond it."""

import asyncio
import re
from collections.abc import Sequence
from typing import ClassVar

from fastapi import Request
from starlette.requests import ClientDisconnect

from intake_api.http import body_budget
from shared.errors import MalformedBodyError, ShensuError

SINGLE_LIMIT = 64 * 1024
MANIFEST_LIMIT = 1024 * 1024
BATCH_LIMIT = 20 * 1024 * 1024
READ_SECONDS = 60
JSON = "application/json"
NDJSON = "application/x-ndjson"
KEY_LENGTH = 255
_HELD = "shensu.body"
KEY_PATTERN = r'^([!#-~][!-~]{0,254}|"([ !#-\[\]-~]|\\["\\]){1,255}")$'
"""The form of an Idempotency-Key, as it is described."""
_REQUEST_KEY = re.compile(KEY_PATTERN)
_ESCAPED = re.compile(r"\\(.)")
_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s\";]*)")


class BodyTooLargeError(ShensuError):
    """The body is larger than this operation takes."""

    status: ClassVar[int] = 413
    code: ClassVar[str] = "body-too-large"
    title: ClassVar[str] = "The body is too large"


class BodyTooSlowError(ShensuError):
    """The body did not come in time."""

    status: ClassVar[int] = 408
    code: ClassVar[str] = "body-too-slow"
    title: ClassVar[str] = "The body did not come in time"
    retryable: ClassVar[bool] = True


class UnsupportedMediaTypeError(ShensuError):
    """The content type is not one that this operation reads."""

    status: ClassVar[int] = 415
    code: ClassVar[str] = "unsupported-media-type"
    title: ClassVar[str] = "Unsupported media type"


class RequestKeyError(ShensuError):
    """The Idempotency-Key cannot be used."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "invalid-idempotency-key"
    title: ClassVar[str] = "The Idempotency-Key cannot be used"


def media_type(request: Request, allowed: Sequence[str]) -> str:
    """Return the content type of a request. Raises UnsupportedMediaTypeError if it is not among those allowed."""
    content_type, _, more = request.headers.get("content-type", "").lower().partition(";")
    content_type, charset = content_type.strip(), _CHARSET.search(more)
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise UnsupportedMediaTypeError("Send the body as it is, without Content-Encoding.")
    if content_type not in allowed or (charset is not None and charset[1] != "utf-8"):
        raise UnsupportedMediaTypeError(
            f"Send the body with the content type {' or '.join(allowed)}, in UTF-8."
        )
    return content_type


async def read(request: Request, limit: int) -> bytes:
    """Read the body.

    Raises BodyTooLargeError as soon as it is longer than `limit` bytes, TooMuchAtOnceError if there is no room for it,
    BodyTooSlowError after a minute, and MalformedBodyError if the sender hangs up.
    """
    state: bytes | None = request.scope.pop(_HELD, None)
    if state is not None:
        if len(state) > limit:
            raise _too_large(limit)
        return state
    announced = request.headers.get("content-length", "")
    expected = int(announced) if announced.isdecimal() else limit
    if expected > limit:
        raise _too_large(limit)
    if expected > SINGLE_LIMIT:
        await body_budget.take(request, expected)
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await _whole(request, limit)
    except TimeoutError as error:
        raise BodyTooSlowError(
            "The body did not come in time; nothing of it was stored. Send it again."
        ) from error
    except ClientDisconnect as error:
        raise MalformedBodyError("The body was cut off; nothing of it was stored. Send it again.") from error


async def _whole(request: Request, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)


async def hold(request: Request) -> bytes:
    """Read the body before anything else is done, and keep it for `read`: its signature has to be checked first."""
    body = await read(request, BATCH_LIMIT)
    request.scope[_HELD] = body
    return body


def _too_large(limit: int) -> BodyTooLargeError:
    return BodyTooLargeError(
        f"The body may have at most {limit // 1024} KiB; shorten the text, or send fewer rows."
    )


def request_key(request: Request) -> str | None:
    """Return the Idempotency-Key, if there is one: visible ASCII, or in quotes as a string of a structured field.

    The draft of the IETF (draft-ietf-httpapi-idempotency-key-header) has it in quotes (RFC 8941, 3.3.3), most senders
    have not; both mean the same key. Raises RequestKeyError if it is neither, empty, or too long.
    """
    sent = request.headers.get("idempotency-key")
    if sent is None:
        return None
    key = _ESCAPED.sub(r"\1", sent[1:-1]) if sent.startswith('"') else sent
    if not _REQUEST_KEY.fullmatch(sent) or len(key) > KEY_LENGTH:
        raise RequestKeyError(
            f"An Idempotency-Key has 1 to {KEY_LENGTH} visible ASCII characters without spaces, for instance a UUID; "
            'with spaces it stands in quotes, as in "call 17".'
        )
    return key
