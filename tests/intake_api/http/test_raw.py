"""Routes without the framework's work: the endpoint gets the request and gives the response; the description stays."""

import asyncio

import httpx
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from pydantic import BaseModel

from intake_api.http.raw import RawRoute


class _Receipt(BaseModel):
    number: str


def test_a_raw_endpoint_answers_what_it_likes_and_is_described_as_any_other() -> None:
    # the framework resolves dependencies, and refuses here; a raw route does not
    def _refuse() -> None:
        raise HTTPException(403)

    router = APIRouter(route_class=RawRoute, dependencies=[Depends(_refuse)])

    async def _accept(request: Request) -> Response:
        # no model reads the body, and none checks the answer
        return Response(await request.body(), 201, {"Location": "/things/1"}, "text/plain")

    router.add_api_route("/things", _accept, methods=["POST"], status_code=201, response_model=_Receipt)
    app = FastAPI()
    app.include_router(router)

    async def _send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
            return await client.post("/things", content=b"{no JSON")

    answer = asyncio.run(_send())
    assert (answer.status_code, answer.content, answer.headers["location"]) == (201, b"{no JSON", "/things/1")
    described = app.openapi()["paths"]["/things"]["post"]
    assert described["responses"]["201"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/_Receipt"
    }
