"""Descriptions of operations: a success by its example, each refusal under its code, bodies of forms and of lines."""

from fastapi import FastAPI

from intake_api import refusals
from intake_api.http import bodies, describing
from services.casework.forms import Reason
from services.requests import parsing
from shared.http import examples

EXAMPLE = {"reason": "用户来电说明。", "note": None}


def test_a_success_is_described_by_its_example_with_its_nulls() -> None:
    described = describing.answers((), EXAMPLE, status=201, headers=describing.REPLAYED)
    assert described.keys() == {201}
    assert examples.restored(described[201]["content"][bodies.JSON]["example"]) == EXAMPLE
    assert described[201]["headers"].keys() == {"Idempotent-Replayed"}


def test_each_refusal_is_described_under_its_status() -> None:
    described = describing.answers((*refusals.KEYED, refusals.UNKNOWN_CASE), EXAMPLE)
    assert {int(status) for status in described} == {200, 400, 404, 409, 422}
    assert "headers" not in described[200]


def test_a_form_refers_to_its_schema_and_shows_an_example_even_an_empty_one() -> None:
    body = describing.form_body(Reason, EXAMPLE)
    assert body["required"]
    assert body["content"][bodies.JSON] == {
        "schema": {"$ref": "#/components/schemas/Reason"},
        "example": EXAMPLE,
    }
    # the framework drops an example that is empty
    assert describing.form_body(Reason, {})["content"][bodies.JSON]["examples"] == {"empty": {"value": {}}}


def test_a_batch_comes_as_lines_or_as_an_array_of_so_many_rows() -> None:
    content = describing.lines_body(Reason, EXAMPLE)["content"]
    assert content.keys() == {bodies.NDJSON, bodies.JSON}
    for described in content.values():
        assert described["schema"]["items"] == {"$ref": "#/components/schemas/Reason"}
        assert described["schema"]["maxItems"] == parsing.MAX_ROWS
    assert content[bodies.JSON]["example"] == [EXAMPLE]
    assert content[bodies.NDJSON]["example"] == '{"reason":"用户来电说明。","note":null}'


def test_what_is_described_stands_in_the_document() -> None:
    app = FastAPI()
    schema = {"type": "string", "format": "binary"}
    app.add_api_route(
        "/",
        lambda: None,
        methods=["POST"],
        openapi_extra={"requestBody": describing.body_of(schema, "image/png", "image/jpeg")},
    )
    body = app.openapi()["paths"]["/"]["post"]["requestBody"]
    assert body["content"] == {"image/png": {"schema": schema}, "image/jpeg": {"schema": schema}}
