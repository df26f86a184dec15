"""The OpenAPI document of an API, completed: what every operation gets, and what it may say itself."""

from dataclasses import dataclass
from typing import Any

import pytest

from services.access.officers import UnknownOfficerError
from shared.errors import NotFoundError
from shared.http import openapi, refusals
from shared.http.auth import ForbiddenError

_FRAMEWORK = {"schema": {"$ref": "#/components/schemas/HTTPValidationError"}}


@dataclass(frozen=True)
class _Route:
    name: str


GONE = refusals.refusal(NotFoundError("There is no such thing."), "gone")


def _completed(operation: dict[str, Any], path: str = "/v1/things") -> dict[str, Any]:
    completed: dict[str, Any] = _document(operation, path)["paths"][path]["get"]
    return completed


def _document(operation: dict[str, Any], path: str = "/v1/things") -> dict[str, Any]:
    document: dict[str, Any] = {"info": {}, "paths": {path: {"get": {"responses": {"200": {}}} | operation}}}
    openapi.complete(
        document,
        tags={"things": "Things."},
        parameters={"number": {"pattern": "^[0-9]{17}$"}},
        vocabulary=(GONE,),
    )
    return document


@pytest.mark.parametrize(
    ("name", "identifier"),
    [("list_cases", "listCases"), ("close_unanswered_case", "closeUnansweredCase"), ("index", "index")],
)
def test_the_id_of_an_operation_is_its_function_in_camel_case(name: str, identifier: str) -> None:
    assert openapi.operation_id(_Route(name)) == identifier


def test_an_operation_with_a_key_names_every_shared_refusal_with_an_example() -> None:
    document = _document({})
    responses = document["paths"]["/v1/things"]["get"]["responses"]
    assert list(responses) == ["200", "401", "403", "429", "4XX", "500", "503"]
    for status in ("401", "403", "429", "500", "503"):
        (code,) = responses[status]["content"]["application/problem+json"]["examples"]
        example = document["components"]["examples"][code]["value"]
        assert (example["status"], example["code"]) == (int(status), code)
        assert example["type"] == f"urn:shensu:problem:{code}"
    assert "X-RateLimit-Limit" in responses["200"]["headers"]
    assert responses["429"]["headers"].keys() == {"X-RateLimit-Limit", "Retry-After"}


def test_an_operation_without_a_key_has_neither_security_nor_limit() -> None:
    operation = _completed({}, "/livez")
    assert operation["security"] == [{}]
    assert operation["responses"] == {"200": {}, "500": operation["responses"]["500"]}


def test_the_refusal_of_the_framework_becomes_a_problem() -> None:
    faults = {"422": {"content": {"application/json": _FRAMEWORK}}}
    refusal = _completed({"responses": {"200": {}} | faults})["responses"]["422"]
    assert list(refusal["content"]["application/problem+json"]["examples"]) == ["invalid-input"]
    assert "HTTPValidationError" not in str(refusal)


def test_each_problem_of_a_status_has_an_example_under_its_code_that_stands_once() -> None:
    forbidden = refusals.refusal(ForbiddenError("Not here."), "forbidden-here")
    listed = refusals.responses([GONE, forbidden, refusals.refusal(UnknownOfficerError("Nobody."))])
    document = _document({"responses": {"200": {}} | listed})
    responses = document["paths"]["/v1/things"]["get"]["responses"]
    examples = responses["403"]["content"]["application/problem+json"]["examples"]
    # the operation's own example of a code stays, where all operations have one too
    assert examples["forbidden"] == {"$ref": "#/components/examples/forbidden-here"}
    assert list(examples) == ["forbidden", "unknown-officer"]
    assert responses["404"]["description"] == "Not found"
    assert document["components"]["examples"]["gone"]["value"]["detail"] == "There is no such thing."
    assert "forbidden" not in document["components"]["examples"]


def test_a_parameter_gets_its_form_wherever_it_stands_and_keeps_its_own() -> None:
    plain = {"name": "number", "schema": {"type": "string"}}
    optional = {
        "name": "number",
        "schema": {"anyOf": [{"type": "string", "pattern": "^x$"}, {"type": "null"}]},
    }
    first, second = _completed({"parameters": [plain, optional]})["parameters"]
    assert first["schema"] == {"type": "string", "pattern": "^[0-9]{17}$", "maxLength": 17}
    assert second["schema"]["anyOf"][0]["pattern"] == "^x$"


def test_a_body_of_lines_is_a_text_of_many_values() -> None:
    thing = {"type": "object"}
    content = {"application/x-ndjson": {"schema": {"type": "array", "items": thing}}}
    operation = _completed({"requestBody": {"content": content}})
    schema = operation["requestBody"]["content"]["application/x-ndjson"]["schema"]
    assert (schema["type"], schema["contentSchema"]) == ("string", thing)


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("States of a case (rulebook 2).", "States of a case."),
        ("What is missing (rulebook 1.4; 2014 art. 9(3)).", "What is missing."),
        ("Handling level (rulebook 8, a project rule): 一般.", "Handling level: 一般."),
        ("An answer in 30 days [P].", "An answer in 30 days."),
        ("Days to answer (2020 text [V3]).", "Days to answer (2020 text)."),
        ("See `items[0]` and [the guide](guide.md).", "See `items[0]` and [the guide](guide.md)."),
    ],
)
def test_marks_of_sources_are_not_published(written: str, published: str) -> None:
    assert _completed({"description": written})["description"] == published


def test_the_document_is_built_once() -> None:
    built: list[int] = []

    def build() -> dict[str, Any]:
        built.append(1)
        return {}

    serve = openapi.completed(build, lambda document: document | {"completed": True})
    assert serve() is serve()
    assert (serve(), built) == ({"completed": True}, [1])
