"""The examples of verbs are true: each form takes its request, and each model makes its answer."""

import json

import pytest

from intake_api.desk import verb_examples
from services.desk.verbs import VERBS


@pytest.mark.parametrize("verb", VERBS)
def test_a_form_takes_the_example_of_its_verb(verb: str) -> None:
    assert VERBS[verb].form.model_validate_json(json.dumps(verb_examples.FORMS[verb]))


def test_each_verb_and_no_other_has_an_example() -> None:
    assert verb_examples.FORMS.keys() == VERBS.keys()
