"""The codes of answers by REST."""

from pydantic import TypeAdapter

from intake_api.complaints import codes
from services.reference import code_texts
from services.reference.code_texts import CodeLists
from tests.problems import assert_problem
from tests.running import Stack

ADDRESS = "/v1/reference/codes"


def test_the_codes_are_served_to_whoever_reads_reference_data(stack: Stack) -> None:
    answer = stack.http.get(f"{stack.intake}{ADDRESS}", headers=stack.as_client("call-centre"))
    assert (answer.status_code, answer.json()) == (200, code_texts.lists())
    assert_problem(stack.http.get(f"{stack.intake}{ADDRESS}"), 401, "unauthenticated")
    other = stack.as_client("dashboard")
    assert_problem(stack.http.get(f"{stack.intake}{ADDRESS}", headers=other), 403, "forbidden")


def test_the_example_is_an_answer() -> None:
    assert TypeAdapter(CodeLists).validate_python(codes.EXAMPLE) == codes.EXAMPLE
