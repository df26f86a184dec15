"""The description of the interface: every body that is read by hand, with the form of every parameter."""

from intake_api import openapi
from tests.running import Stack


def test_the_description_names_every_body_and_resolves(stack: Stack) -> None:
    described = stack.http.get(f"{stack.intake}/openapi.json").json()
    schemas = described["components"]["schemas"]
    assert {"Problem", *(form.__name__ for form in openapi.FORMS)} <= schemas.keys()
    references = set(_references(described))
    assert len(references) > 20
    kinds = {"schemas", "examples"}
    there = {f"#/components/{kind}/{name}" for kind in kinds for name in described["components"][kind]}
    assert references <= there


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [reference for value in node.values() for reference in _references(value)]
    if isinstance(node, list):
        return [reference for value in node for reference in _references(value)]
    return []


def test_a_parameter_has_the_form_that_it_is_refused_by(stack: Stack) -> None:
    described = stack.http.get(f"{stack.intake}/openapi.json").json()
    numbers = [
        parameter["schema"]
        for path in described["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "number" and parameter["in"] == "path"
    ]
    assert len(numbers) > 30
    assert {(schema["pattern"], schema["maxLength"]) for schema in numbers} == {("^[0-9]{17}$", 17)}


def test_a_call_is_secured_by_a_key_or_a_signature(stack: Stack) -> None:
    described = stack.http.get(f"{stack.intake}/openapi.json").json()
    assert described["security"] == [{"key": []}, {"signature": []}]
    assert described["components"]["securitySchemes"].keys() == {"key", "signature"}
