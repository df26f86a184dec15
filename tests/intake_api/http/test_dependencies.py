"""What operations take by dependencies: each reads its part of the request, and refuses with our problems."""

import asyncio
from typing import Any

import pytest
from fastapi import Request

from intake_api.http import bodies, dependencies
from intake_api.http.bodies import BodyTooLargeError, RequestKeyError, UnsupportedMediaTypeError
from services.access.scopes import Scope
from services.casework.forms import Reason
from services.requests.answers import RequestKeyMissingError
from shared.errors import InvalidInputError, MalformedBodyError


def _request(body: bytes = b"", **headers: str) -> Request:
    async def _receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    fields = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    fields.append((b"content-length", str(len(body)).encode()))
    return Request({"type": "http", "method": "POST", "path": "/", "headers": fields}, _receive)


def _form(body: bytes, content_type: str = bodies.JSON, limit: int = 1000) -> Reason:
    async def _read() -> Reason:
        return await dependencies.form_of(Reason, limit)(_request(body, content_type=content_type))

    return asyncio.run(_read())


def test_a_step_needs_a_key_that_can_be_used() -> None:
    assert dependencies.required_request_key(_request(idempotency_key="a key")) == "a key"
    with pytest.raises(RequestKeyMissingError):
        dependencies.required_request_key(_request())
    with pytest.raises(RequestKeyError):
        dependencies.required_request_key(_request(idempotency_key="x" * 256))


def test_a_form_is_read_strictly() -> None:
    assert _form(b'{"reason": "resolved"}').reason == "resolved"
    with pytest.raises(InvalidInputError) as refused:
        _form(b'{"reason": 1, "more": 2}')
    assert {fault.pointer for fault in refused.value.errors} == {"/reason", "/more"}
    with pytest.raises(MalformedBodyError):
        _form(b"{")
    with pytest.raises(UnsupportedMediaTypeError):
        _form(b'{"reason": "resolved"}', content_type="text/plain")
    with pytest.raises(BodyTooLargeError):
        _form(b'{"reason": "resolved"}', limit=10)


def test_a_batch_is_of_one_of_two_media_types() -> None:
    batch = asyncio.run(dependencies.read_batch(_request(b"{}\n", content_type=bodies.NDJSON)))
    assert batch == (bodies.NDJSON, b"{}\n")
    with pytest.raises(UnsupportedMediaTypeError):
        asyncio.run(dependencies.read_batch(_request(b"{}", content_type="text/csv")))


def test_an_operation_read_by_hand_names_its_scope_for_both_schemes() -> None:
    assert dependencies.security_of(Scope.CARRIER_EXCHANGE) == {
        "security": [{"key": ["carrier:exchange"]}, {"signature": ["carrier:exchange"]}]
    }
