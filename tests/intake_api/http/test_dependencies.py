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
    assert dependencies.required_request_key(_request(idempotency_key="a-key:7/8")) == "a-key:7/8"
    with pytest.raises(RequestKeyMissingError):
        dependencies.required_request_key(_request())


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ('"8e03978e-40d5-43e8-bc93-6894a57f9324"', "8e03978e-40d5-43e8-bc93-6894a57f9324"),
        ('"two words"', "two words"),
        (r'"a \"quoted\" \\ key"', r'a "quoted" \ key'),
        ('inner"quote', 'inner"quote'),
        ("x" * 255, "x" * 255),
        (f'"{"x" * 255}"', "x" * 255),
    ],
)
def test_a_key_is_a_token_or_a_string_of_a_structured_field(sent: str, key: str) -> None:
    assert dependencies.required_request_key(_request(idempotency_key=sent)) == key


@pytest.mark.parametrize(
    "sent", ["", "a b", " ", '""', '"open', r'"bad \escape"', "x" * 256, f'"{"x" * 256}"', "é", "a\tb"]
)
def test_any_other_key_is_refused(sent: str) -> None:
    with pytest.raises(RequestKeyError, match="for instance a UUID"):
        dependencies.required_request_key(_request(idempotency_key=sent))


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
