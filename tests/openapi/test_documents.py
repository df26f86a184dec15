"""Both OpenAPI documents: each operation says what it takes, what it answers, and how a refusal looks."""

import json

import pytest
from pydantic import BaseModel

from analytics_api import health as analytics_health
from intake_api.http import health as intake_health
from ops.description.documents import Api, document
from tests.openapi import rules
from tests.openapi.rules import Operation

OPERATIONS = rules.operations()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_the_operation_is_described(operation: Operation) -> None:
    assert sorted(rules.failing(operation)) == []


def test_operation_ids_are_unique_within_an_api() -> None:
    names = [(operation.api, operation.spec["operationId"]) for operation in OPERATIONS]
    assert len(names) > 90
    assert len(names) == len(set(names))


@pytest.mark.parametrize("api", Api)
def test_nothing_of_the_framework_and_no_mark_of_a_source_is_published(api: Api) -> None:
    published = document(api)
    assert "HTTPValidationError" not in json.dumps(published)
    assert [text for text in rules.texts(published) if rules.SOURCE_MARK.search(text)] == []
    assert published["info"]["license"]["identifier"] == "Apache-2.0"


@pytest.mark.parametrize("api", Api)
def test_each_tag_is_described_and_used(api: Api) -> None:
    used = {tag for operation in OPERATIONS if operation.api is api for tag in operation.spec["tags"]}
    tags = document(api)["tags"]
    assert {tag["name"] for tag in tags} == used
    assert all(tag["description"] for tag in tags)


@pytest.mark.parametrize(
    ("api", "model"), [(Api.INTAKE, intake_health.Readiness), (Api.ANALYTICS, analytics_health.Readiness)]
)
def test_a_process_that_is_not_ready_answers_503_with_its_state_and_no_problem(
    api: Api, model: type[BaseModel]
) -> None:
    responses = document(api)["paths"]["/readyz"]["get"]["responses"]
    assert responses["503"]["description"].startswith("not ready")
    assert responses["503"].get("headers") is None
    (media_type, content), *others = responses["503"]["content"].items()
    assert (media_type, others) == ("application/json", [])
    assert content["schema"] == responses["200"]["content"]["application/json"]["schema"]
    example = model.model_validate_json(json.dumps(content["example"]))
    assert example.model_dump(exclude_unset=True)["status"] == "unavailable"


def test_an_operation_by_dependencies_and_one_by_hand_name_their_scope() -> None:
    named = {
        operation.spec["operationId"]: operation.spec.get("x-scopes")
        for operation in OPERATIONS
        if operation.path.startswith(("/v1/carrier/tracking", "/v1/carrier/deliveries", "/v1/hotline"))
    }
    assert named["pushTracking"] == named["listDeliveries"] == ["carrier:exchange"]
    assert named["takeOrder"] == named["urgeOrder"] == ["hotline:exchange"]
    assert all(named.values())
