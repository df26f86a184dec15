"""Problem objects: where a form is wrong and what to change, never what was sent."""

from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from shared import problems
from shared.errors import FieldError, InvalidInputError, NotFoundError, UnavailableError
from shared.problems import field_errors

CANARY = "kanarienvogel"
_OTHER_VALUE = "this value cannot be used here; the description of the operation says which can"


def _even(number: int) -> int:
    if number % 2:
        # what a validator of a library says may repeat the value, and is not passed on
        raise ValueError(f"{CANARY} is not even")
    return number


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: Annotated[str, Field(max_length=5)]
    kind: Literal["A", "B"] = "A"
    counts: list[Annotated[int, AfterValidator(_even)]] = []


def _faults(value: object, prefix: str = "") -> list[tuple[str, str, str]]:
    with pytest.raises(ValidationError) as refusal:
        _Form.model_validate(value)
    faults = field_errors(refusal.value, prefix=prefix)
    return [(fault.pointer, fault.code, fault.message) for fault in faults]


@pytest.mark.parametrize(
    ("value", "pointer", "code", "message"),
    [
        ({}, "/name", "missing", "this field is required"),
        ({"name": CANARY}, "/name", "too-long", "shorten the text to 5 characters or less"),
        ({"name": "x", "kind": CANARY}, "/kind", "unknown-value", "send one of 'A' or 'B'"),
        ({"name": "x", "counts": [2, 3]}, "/counts/1", "invalid-value", _OTHER_VALUE),
        (
            {"name": "x", "counts": ["2"]},
            "/counts/0",
            "wrong-type",
            "send a whole number; in JSON without quotes",
        ),
        (
            {"name": "x", "a/b~c": CANARY},
            "/a~1b~0c",
            "unknown-field",
            "this field is not known here; remove it or correct its name",
        ),
    ],
)
def test_a_fault_says_where_and_what_to_change(value: object, pointer: str, code: str, message: str) -> None:
    assert _faults(value) == [(pointer, code, message)]
    assert _faults(value, prefix="/form") == [(f"/form{pointer}", code, message)]


def test_at_most_fifty_faults_are_listed() -> None:
    assert len(_faults({"name": "x", "counts": [1] * 60})) == 50


def test_a_problem_has_every_member_that_its_error_has() -> None:
    fault = FieldError("/cause", "missing", "this field is required")
    error = InvalidInputError("See errors.", [fault], members={"version": 7})
    assert problems.body(error, "a-request") == {
        "type": "urn:shensu:problem:invalid-input",
        "title": "The input does not have the required form",
        "status": 422,
        "detail": "See errors.",
        "code": "invalid-input",
        "retryable": False,
        "request_id": "a-request",
        "version": 7,
        "errors": [{"pointer": "/cause", "code": "missing", "message": "this field is required"}],
    }


def test_a_problem_has_no_member_without_a_value() -> None:
    problem = problems.body(NotFoundError("There is no such thing."), None)
    assert problem.keys().isdisjoint({"request_id", "errors"})
    assert problems.body(UnavailableError("Send it again."), None)["retryable"]
