"""Business errors: each class is a whole problem, with a status, a code of its own, and a meaning."""

import re

import pytest

from intake_api.app import create_app
from shared import errors
from shared.errors import FieldError, ShensuError

APPLICATIONS = (create_app,)
"""The import of the application defines the errors of every service."""


def _every(kind: type[ShensuError]) -> list[type[ShensuError]]:
    return [kind, *(descendant for subclass in kind.__subclasses__() for descendant in _every(subclass))]


EVERY = sorted(set(_every(ShensuError)), key=lambda kind: kind.__qualname__)
MOST_GENERAL = {
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ShensuError)
}


def test_an_error_says_its_detail_and_what_it_was_made_with() -> None:
    fault = FieldError("/cause", "missing", "this field is required")
    error = errors.InvalidInputError("See errors.", [fault], retry_after=5, members={"version": 7})
    assert str(error) == "See errors."
    assert (error.status, error.errors, error.retry_after, error.members) == (422, [fault], 5, {"version": 7})
    other = errors.NotFoundError("There is no such thing.")
    assert (other.errors, other.retry_after, other.members) == ((), None, {})


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_an_error_is_a_refusal_with_a_meaning(kind: type[ShensuError]) -> None:
    assert 400 <= kind.status < 600
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", kind.code)
    assert kind.title
    assert kind.__doc__
    # what the caller may send again unchanged is no fault of the request's form
    assert not (kind.retryable and kind.status in {400, 404, 422})


def test_there_are_errors_of_every_status_that_the_handbook_names() -> None:
    assert {kind.status for kind in EVERY} >= {
        400,
        401,
        403,
        404,
        409,
        412,
        413,
        415,
        422,
        428,
        429,
        500,
        503,
    }
    assert {kind.status for kind in MOST_GENERAL} == {400, 404, 409, 422, 500, 503}
