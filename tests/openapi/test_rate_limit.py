"""The header of the rate limit, as the documents describe it: on every answer to a client that is recognised."""

from tests.running import Stack


def test_the_limit_of_the_client_stands_on_answers_and_refusals(stack: Stack) -> None:
    new = stack.new_client("call_centre", "complaint:read", per_minute=77)
    headers = {"Authorization": f"Bearer {new.key}"}
    for path, status in (("/v1/complaints", 200), ("/v1/complaints/x", 404), ("/v1/desk/cases", 403)):
        answer = stack.http.get(f"{stack.intake}{path}", headers=headers)
        assert (answer.status_code, answer.headers["x-ratelimit-limit"]) == (status, "77")


def test_nobody_has_no_limit(stack: Stack) -> None:
    for path, status in (("/livez", 200), ("/v1/complaints", 401)):
        answer = stack.http.get(f"{stack.intake}{path}")
        assert answer.status_code == status
        assert "x-ratelimit-limit" not in answer.headers
