"""Nulls of examples pass the framework, which drops each null of its document."""

from fastapi import FastAPI

from shared.http import examples, openapi

EXAMPLE = {"next": None, "items": [{"due_at": None, "text": "␀ is a sign"}, None]}


def test_nulls_are_marked_and_restored() -> None:
    assert examples.restored(examples.marked(EXAMPLE)) == EXAMPLE
    assert None not in examples.marked(EXAMPLE).values()


def test_a_document_shows_the_nulls_of_its_examples() -> None:
    app = FastAPI()
    content = {"application/json": {"example": examples.marked(EXAMPLE)}}

    @app.get("/", responses={200: {"content": content}})
    async def read_index() -> dict[str, str]:
        return {}

    document = openapi.completed(app.openapi, lambda built: built)()
    success = document["paths"]["/"]["get"]["responses"]["200"]
    assert success["content"]["application/json"]["example"] == EXAMPLE
