"""Forms of the desk's verbs: a supplement adds something."""

from typing import Any

import pytest

from services.casework import forms
from services.requests import parsing
from shared import serialisation
from shared.errors import InvalidInputError


@pytest.mark.parametrize("content", [{}, {"message": None}])
def test_a_supplement_without_a_field_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parsing.read_one(serialisation.to_bytes(content), forms.Supplement)
    (fault,) = refused.value.errors
    assert (fault.pointer, fault.code) == ("", "nothing-to-add")
    assert "at least one field" in fault.message


def test_a_supplement_may_say_one_thing() -> None:
    assert parsing.read_one(b'{"message": "x"}', forms.Supplement).message == "x"
