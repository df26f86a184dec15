"""Each operation shows an example of each problem that it may answer, under its code; real answers are held to it."""

import json
from pathlib import Path
from typing import Any

import pytest

from intake_api import refusals
from ops.description.documents import Api, document
from services.reference import code_texts
from shared.http.refusals import SHARED, Refusal, vocabulary
from tests.openapi import described
from tests.openapi.described import PROBLEM

LISTED = Path(__file__).with_name("refusals.txt")
"""One line an operation, printed by `python -m tests.openapi.described`, so that a changed refusal shows in a diff."""
ELSEWHERE = {
    "address-refused": "the command line registers addresses",
    "http-error": "a fault of the protocol that no operation sees",
    "invalid-reference": "the command line loads reference data",
    "method-not-allowed": "no operation has the method",
    "stale-case": "the worker, where two of them write one case",
}
"""Problems that no operation answers."""


def _refused(api: Api) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (status, code, example)
        for item in document(api)["paths"].values()
        for operation in item.values()
        for status, response in operation["responses"].items()
        for code, example in response.get("content", {}).get(PROBLEM, {}).get("examples", {}).items()
    ]


@pytest.mark.parametrize("api", Api)
def test_an_example_stands_under_its_code_and_its_status(api: Api) -> None:
    examples = document(api)["components"]["examples"]
    for status, code, example in _refused(api):
        value = examples[example["$ref"].rpartition("/")[2]]["value"]
        assert value["code"] == code
        assert status in {str(value["status"]), "4XX"}
        assert value["detail"] != value["title"]
    assert examples.keys() == {example["$ref"].rpartition("/")[2] for _, _, example in _refused(api)}


def test_each_problem_is_described_by_an_operation_or_known_to_come_from_elsewhere() -> None:
    codes = {code for api in Api for _, code, _ in _refused(api)}
    assert {text["code"] for text in code_texts.of_kind("problem")} - codes == ELSEWHERE.keys()


def test_each_refusal_of_the_vocabulary_is_used_and_has_a_name_of_its_own() -> None:
    own = [each for each in vars(refusals).values() if isinstance(each, Refusal)]
    assert len({each.name for each in own}) == len({id(each) for each in own})
    assert {each.name for each in vocabulary(vars(refusals))} <= document(Api.INTAKE)["components"][
        "examples"
    ].keys()
    assert {each.name for each in SHARED} <= document(Api.INTAKE)["components"]["examples"].keys()


def test_the_list_of_refusals_is_up_to_date() -> None:
    lines = LISTED.read_text(encoding="utf-8").splitlines()
    assert lines == [operation.line for operation in described.operations()]


def test_the_document_stays_small() -> None:
    assert len(json.dumps(document(Api.INTAKE), ensure_ascii=False)) < LARGEST


LARGEST = 1_000_000
"""Characters of the larger document."""
