"""The examples of the desk are true: a form takes each request, and a model makes each answer without a word left over."""

import json
from typing import Any

import pytest
from pydantic import BaseModel

from intake_api.desk import bulk, examples, verb_examples
from services.desk.unmask import Unmask, Unmasked
from services.desk.verbs import VERBS
from services.views.deadlines_explained import ExplainedDeadlines
from services.views.escalations import EscalationPage
from services.views.explanation import Explanation
from services.views.surges import SurgePage, SurgeWithCases
from services.views.whole_case import WholeCase
from services.views.worklist import WorklistPage

ANSWERS: list[tuple[dict[str, Any], type[BaseModel]]] = [
    (examples.WORKLIST, WorklistPage),
    (examples.WHOLE_CASE, WholeCase),
    (examples.DEADLINES, ExplainedDeadlines),
    (examples.EXPLANATION, Explanation),
    (examples.UNMASKED, Unmasked),
    (examples.WARNINGS, SurgePage),
    (examples.WARNING, SurgeWithCases),
    (examples.ESCALATIONS, EscalationPage),
    (verb_examples.BULK_RESULTS, bulk.BulkResults),
    *((verb_examples.answer(verb), spec.answer) for verb, spec in VERBS.items()),
]


def test_forms_take_the_other_examples() -> None:
    assert bulk.BulkAct.model_validate_json(json.dumps(verb_examples.BULK)).items
    assert Unmask.model_validate_json(json.dumps(examples.UNMASK)).fields


@pytest.mark.parametrize(("example", "model"), ANSWERS, ids=lambda value: getattr(value, "__name__", ""))
def test_an_example_is_an_answer(example: dict[str, Any], model: type[BaseModel]) -> None:
    made = model.model_validate_json(json.dumps(_by_field(example, model)))
    assert json.loads(made.model_dump_json(by_alias=True, exclude_unset=True)) == example


def _by_field(example: Any, model: type[BaseModel]) -> Any:
    """Name `from` and `to` as the fields of intervals are named."""
    if isinstance(example, dict):
        names = {"from": "since", "to": "until"} if example.keys() <= {"from", "to", "basis"} else {}
        return {names.get(key, key): _by_field(value, model) for key, value in example.items()}
    return [_by_field(value, model) for value in example] if isinstance(example, list) else example
