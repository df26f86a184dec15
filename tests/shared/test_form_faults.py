"""Faults of forms: codes of one style, and messages that say the bound or the form, never what was sent."""

import re
from typing import Annotated, Any, get_args

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core.core_schema import ErrorType

from intake_api.openapi import FORMS
from shared import problems, text_forms

STYLE = re.compile(r"[a-z]+(-[a-z]+)*")
CANARY = "kanarienvogel"


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    number: int = Field(default=5, ge=1, le=200)
    below: int = Field(default=5, gt=1, lt=9)
    text: str = Field(default="abc", min_length=2, max_length=4)
    rows: list[int] = Field(default=[1], min_length=1, max_length=2)
    region: Annotated[str, Field(pattern=text_forms.REGION_CODE.pattern)] = "330106"
    moment: Annotated[AwareDatetime, Field(strict=False)] | None = None


@pytest.mark.parametrize(
    ("content", "pointer", "code", "message"),
    [
        ({"number": 0}, "/number", "too-small", "send 1 or more"),
        ({"number": 201}, "/number", "too-large", "send 200 or less"),
        ({"below": 1}, "/below", "too-small", "send more than 1"),
        ({"below": 9}, "/below", "too-large", "send less than 9"),
        ({"text": "a"}, "/text", "too-short", "send a text of 2 or more characters"),
        ({"text": CANARY}, "/text", "too-long", "shorten the text to 4 characters or less"),
        ({"rows": []}, "/rows", "too-few", "send a list of 1 or more"),
        ({"rows": [1, 2, 3]}, "/rows", "too-many", "send a list of 2 or less"),
        ({"region": CANARY}, "/region", "wrong-form", "send six digits of GB/T 2260, as in 330106"),
        ({"number": CANARY}, "/number", "wrong-type", "send a whole number; in JSON without quotes"),
        ({"rows": CANARY}, "/rows", "wrong-type", "send a list"),
        (
            {CANARY[:3]: 1},
            "/kan",
            "unknown-field",
            "this field is not known here; remove it or correct its name",
        ),
    ],
)
def test_a_fault_names_the_bound_or_the_form(
    content: dict[str, Any], pointer: str, code: str, message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        _Form.model_validate(content)
    (fault,) = problems.field_errors(refused.value)
    assert (fault.pointer, fault.code, fault.message) == (pointer, code, message)


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_no_code_and_no_text_of_the_library_leaves_the_house(kind: str) -> None:
    row = {
        "type": kind,
        "loc": ("place",),
        "msg": f"the library says {CANARY}",
        "ctx": {"expected": "'A' or 'B'"},
    }
    (fault,) = problems.field_errors([row])
    assert STYLE.fullmatch(fault.code)
    assert CANARY not in fault.message
    assert "{" not in fault.message


def test_each_pattern_of_a_form_has_its_words() -> None:
    patterns = {pattern for form in FORMS for pattern in _patterns(form.model_json_schema())}
    assert len(patterns) > 5
    assert patterns <= {form.pattern for form in text_forms.ALL}


def _patterns(node: object) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_patterns, node))
    if not isinstance(node, dict):
        return set()
    own = {node["pattern"]} if isinstance(node.get("pattern"), str) else set()
    return own.union(*map(_patterns, node.values()))
