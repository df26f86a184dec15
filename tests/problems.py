"""What every refusal of an API must be: a problem (RFC 9457) that says what to change and repeats nothing of what came."""

import re
from typing import Any

import httpx

_POINTER = re.compile(r"(/([^~/]|~[01])*)*")
"""RFC 6901; the empty one is the whole document."""
_SENTENCE = 20


def assert_problem(
    answer: httpx.Response, status: int, code: str | None = None, *, canary: str = ""
) -> dict[str, Any]:
    """Assert the form of a refusal, and that the canary is in neither its body nor its headers; return the problem."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert_says_what_to_do(problem, status, code)
    assert problem["request_id"] == answer.headers["x-request-id"]
    if canary:
        assert canary not in answer.text
        assert canary not in str(answer.headers)
    return problem


def assert_says_what_to_do(problem: dict[str, Any], status: int, code: str | None = None) -> None:
    """Assert the members that a person and a program need."""
    assert problem["status"] == status
    assert problem["type"] == f"urn:shensu:problem:{problem['code']}"
    assert code is None or problem["code"] == code, problem
    assert len(problem["title"]) > 0
    assert len(problem["detail"]) > _SENTENCE
    assert problem["detail"] != "The request was refused."
    assert isinstance(problem["retryable"], bool)
    for fault in problem.get("errors", ()):
        assert _POINTER.fullmatch(fault["pointer"]), fault
        assert fault["code"]
        assert fault["message"]
