"""What a call of the desk names: the officer who acts, and the version of the case as it was read."""

from typing import Any

import pytest

from intake_api.desk import dependencies
from intake_api.http.desk_headers import VersionRequiredError
from tests.problems import assert_problem
from tests.running import Stack


@pytest.mark.parametrize("version", [1, 7, 999_999_999])
def test_a_version_comes_back_as_its_etag_gave_it(version: int) -> None:
    assert dependencies.case_version(dependencies.etag(version)["ETag"]) == version
    assert dependencies.case_version(f' "{version}" ') == version


@pytest.mark.parametrize(
    "if_match", ["", "7", "*", 'W/"7"', '"7", "8"', '""', '"-7"', '"７"', '"1234567890"']
)
def test_any_other_if_match_names_no_version(if_match: str) -> None:
    with pytest.raises(VersionRequiredError):
        dependencies.case_version(if_match)


@pytest.mark.parametrize(
    ("client", "operator", "status", "code"),
    [
        ("desk-hangzhou", None, 400, "operator-missing"),
        ("desk-hangzhou", "li na", 400, "operator-missing"),
        ("desk-hangzhou", "x" * 41, 400, "operator-missing"),
        ("desk-hangzhou", "nobody", 403, "unknown-officer"),
        ("call-centre", "li.na", 403, "forbidden"),
        (None, "li.na", 401, "unauthenticated"),
    ],
)
def test_who_acts_is_an_officer_of_the_bureau_of_the_key(
    client: str | None, operator: str | None, status: int, code: str, stack: Stack
) -> None:
    headers: dict[str, Any] = stack.as_client(client) if client else {}
    if operator:
        headers["X-Operator-Id"] = operator
    answer = stack.http.get(f"{stack.intake}/v1/desk/cases", headers=headers)
    assert_problem(answer, status, code, canary=operator or "")


def test_an_officer_of_the_bureau_has_a_desk(stack: Stack) -> None:
    headers = stack.as_client("desk-hangzhou") | {"X-Operator-Id": "li.na"}
    assert stack.http.get(f"{stack.intake}/v1/desk/cases", headers=headers).status_code == 200
