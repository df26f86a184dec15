"""Bodies: the content type counts, a body is read up to its limit and no further, and a signed one is read once."""

import asyncio
from typing import Any

import pytest
from fastapi import Request

from intake_api.http import bodies
from intake_api.http.bodies import BodyTooLargeError, UnsupportedMediaTypeError
from shared.errors import MalformedBodyError

LIMIT = 10


class _Sender:
    """Sends a body in parts, and counts how many were taken."""

    def __init__(self, *parts: bytes, hangs_up: bool = False) -> None:
        self.parts = list(parts)
        self.taken = 0
        self.hangs_up = hangs_up

    async def receive(self) -> dict[str, Any]:
        if self.hangs_up and self.taken == len(self.parts):
            return {"type": "http.disconnect"}
        part = self.parts[self.taken]
        self.taken += 1
        more = self.hangs_up or self.taken < len(self.parts)
        return {"type": "http.request", "body": part, "more_body": more}

    def request(self, **headers: str) -> Request:
        fields = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        return Request({"type": "http", "method": "POST", "path": "/", "headers": fields}, self.receive)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
    ],
)
def test_the_content_type_is_read_without_its_parameters(content_type: str) -> None:
    request = _Sender().request(content_type=content_type)
    assert bodies.media_type(request, [bodies.NDJSON, bodies.JSON]) == bodies.JSON


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content_type": "text/plain"},
        {"content_type": "application/json; charset=gbk"},
        {"content_type": "application/json", "content_encoding": "gzip"},
    ],
    ids=["none", "another", "charset", "encoding"],
)
def test_another_content_type_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(UnsupportedMediaTypeError):
        bodies.media_type(_Sender().request(**headers), [bodies.JSON])


@pytest.mark.parametrize("parts", [(b"x" * LIMIT,), (b"x" * 4, b"", b"x" * 6)], ids=["whole", "in parts"])
def test_a_body_of_just_the_limit_is_read(parts: tuple[bytes, ...]) -> None:
    assert asyncio.run(bodies.read(_Sender(*parts).request(), LIMIT)) == b"x" * LIMIT


def test_a_body_that_says_it_is_too_large_is_not_read_at_all() -> None:
    sender = _Sender(b"x" * 11)
    with pytest.raises(BodyTooLargeError):
        asyncio.run(bodies.read(sender.request(content_length="11"), LIMIT))
    assert sender.taken == 0


def test_a_body_that_grows_too_large_is_read_no_further() -> None:
    sender = _Sender(b"x" * 6, b"x" * 6, b"x" * 6)
    with pytest.raises(BodyTooLargeError):
        asyncio.run(bodies.read(sender.request(), LIMIT))
    assert sender.taken == 2


def test_a_body_that_was_cut_off_is_refused() -> None:
    with pytest.raises(MalformedBodyError, match="nothing of it was stored"):
        asyncio.run(bodies.read(_Sender(b"x", hangs_up=True).request(), LIMIT))


def test_a_body_that_a_signature_was_checked_on_is_read_once_and_within_the_limit_of_its_operation() -> None:
    async def _read(limit: int) -> bytes:
        request = _Sender(b"x" * 11).request(content_length="11")
        assert await bodies.hold(request) == b"x" * 11
        return await bodies.read(request, limit)

    assert asyncio.run(_read(11)) == b"x" * 11
    with pytest.raises(BodyTooLargeError):
        asyncio.run(_read(LIMIT))
