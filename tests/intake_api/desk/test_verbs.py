"""The desk over real HTTP: who may call it, on which version, and what the answers say."""

import concurrent.futures
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.desk.verbs import VERBS
from tests.problems import assert_problem
from tests.running import Stack

Filing = Callable[..., dict[str, Any]]
Desk = Callable[..., httpx.Response]


@pytest.fixture
def desk(stack: Stack) -> Desk:
    """Return a function that calls a verb of the desk; a header of None is left out."""

    def _call(
        number: str,
        verb: str,
        form: Any = None,
        *,
        version: int | None = None,
        client: str = "desk-hangzhou",
        operator: str | None = "li.na",
        etag: str | None = None,
    ) -> httpx.Response:
        match = etag if etag is not None or version is None else f'"{version}"'
        headers = stack.as_client(client) | {"X-Operator-Id": operator, "If-Match": match}
        kept = {name: value for name, value in headers.items() if value is not None}
        return stack.http.post(f"{stack.intake}/v1/desk/cases/{number}/{verb}", json=form or {}, headers=kept)

    return _call


def test_an_act_answers_with_the_case_and_its_new_version(
    waiting: Callable[..., tuple[str, int]], desk: Desk
) -> None:
    number, version = waiting()
    answered = desk(
        number, "request-supplement", {"items": ["REQUEST"], "message": "请补充诉求。"}, version=version
    )
    assert answered.status_code == 200, answered.text
    body = answered.json()
    assert body["number"] == number
    assert (body["status"], body["claimed_by"]) == ("AWAITING_SUPPLEMENT", "C330100/li.na")
    assert {"supplement", "withdraw"} <= set(body["allowed"])
    assert answered.headers["etag"] == f'"{body["version"]}"'
    again = desk(number, "supplement", {"request": "请赔偿。"}, etag=answered.headers["etag"])
    assert again.json()["status"] == "RECEIVED"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"etag": ""}, 428, "version-required"),
        ({"etag": "*"}, 428, "version-required"),
        ({"etag": 'W/"3"'}, 428, "version-required"),
        ({"version": 1}, 412, "version-mismatch"),
        ({"operator": None}, 400, "operator-missing"),
        ({"operator": "li na;"}, 400, "operator-missing"),
        ({"operator": "nobody"}, 403, "unknown-officer"),
        ({"client": "desk-zhejiang"}, 403, "not-your-case"),
        ({"client": "call-centre"}, 403, "forbidden"),
        ({"client": "bureau-desk"}, 403, "forbidden"),
        ({"form": {"forward": "yes"}}, 422, "invalid-input"),
        ({"form": {"note": "x", "unknown": 1}}, 422, "invalid-input"),
    ],
)
def test_what_is_refused_and_how(
    changes: dict[str, Any],
    status: int,
    code: str,
    waiting: Callable[..., tuple[str, int]],
    desk: Desk,
    stack: Stack,
) -> None:
    number, version = waiting()
    answered = desk(number, "accept", **({"form": {}, "version": version} | changes))
    problem = assert_problem(answered, status, code)
    if status == 412:
        assert problem["version"] == version
    assert stack.get(f"/v1/complaints/{number}").json()["status"] == "RECEIVED"


def test_an_illegal_move_names_the_state_and_what_is_allowed(
    waiting: Callable[..., tuple[str, int]], desk: Desk
) -> None:
    number, version = waiting()
    close = {"close_reason": "SETTLED", "responsibility": "NONE", "answer": "x", "settlement_lawful": True}
    problem = assert_problem(desk(number, "close", close, version=version), 409, "illegal-move")
    assert problem["case_status"] == "RECEIVED"
    assert {"accept", "refuse", "request-supplement"} <= {move["verb"] for move in problem["allowed"]}
    refusal = {"ground": "MISSING_ELEMENTS", "legal_basis": " ", "reason": "\u200b"}
    problem = assert_problem(desk(number, "refuse", refusal, version=version), 422, "invalid-input")
    assert [(fault["pointer"], fault["code"]) for fault in problem["errors"]] == [
        ("/legal_basis", "no-words"),
        ("/reason", "no-words"),
    ]
    refusal = {"ground": "MISSING_ELEMENTS", "legal_basis": "x", "reason": "x"}
    problem = assert_problem(desk(number, "refuse", refusal, version=version), 409, "conditions-not-met")
    assert [fault["pointer"] for fault in problem["errors"]] == ["/ground"]


def test_a_case_of_another_bureau_does_not_exist(waiting: Callable[..., tuple[str, int]], desk: Desk) -> None:
    number, version = waiting(addressee={"region_code": "440103"})
    assert_problem(desk(number, "claim", version=version), 404, "not-found")
    assert_problem(desk("20260101000000000", "claim", version=1), 404, "not-found")


def test_of_two_officers_at_once_one_gets_a_version_mismatch(
    waiting: Callable[..., tuple[str, int]], desk: Desk
) -> None:
    number, version = waiting()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        calls = [
            pool.submit(desk, number, "claim", version=version, operator=("li.na", "wang.wei")[turn % 2])
            for turn in range(8)
        ]
        statuses = sorted(call.result().status_code for call in calls)
    assert statuses == [200, *[412] * 7]


def test_every_verb_stands_in_the_description_with_its_form(stack: Stack) -> None:
    described = stack.http.get(f"{stack.intake}/openapi.json").json()
    for verb, act in VERBS.items():
        operation = described["paths"][f"/v1/desk/cases/{{number}}/{verb}"]["post"]
        assert operation["summary"] == act.summary
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        assert reference.rpartition("/")[2] in described["components"]["schemas"]
        assert {"404", "412", "428"} <= operation["responses"].keys()
        names = {parameter["name"] for parameter in operation["parameters"]}
        assert {"number", "X-Operator-Id", "If-Match"} <= names
