"""Forms by dependency: read strictly as JSON, within the limit of their size, refused as problems."""

import asyncio
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError

from intake_api.http.dependencies import form_of
from services.casework.forms import Reason
from shared.http import problems


def _app() -> FastAPI:
    app = FastAPI()
    problems.install(app, RequestValidationError)

    @app.post("/reasons")
    async def take(form: Annotated[Reason, Depends(form_of(Reason, 100))]) -> str:
        return form.reason

    return app


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b'{"reason": "withdrawn by telephone"}', "application/json", 200),
        (b'{"reason": 7}', "application/json", 422),
        (b'{"reason": "x", "more": 1}', "application/json", 422),
        (b"{", "application/json", 400),
        (b'{"reason": "x"}', "text/plain", 415),
        (b'{"reason": "' + b"x" * 200 + b'"}', "application/json", 413),
    ],
)
def test_a_form_is_read_strictly(content: bytes, content_type: str, status: int) -> None:
    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post("/reasons", content=content, headers={"Content-Type": content_type})

    response = asyncio.run(post())
    assert response.status_code == status
    if status == 200:
        assert response.json() == "withdrawn by telephone"
    else:
        assert response.headers["content-type"] == "application/problem+json"
