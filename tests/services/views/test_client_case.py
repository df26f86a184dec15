"""Reading cases: masked, one's own only, by pages that neither skip nor repeat, in a fixed number of statements."""

from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest

from services.access.clients import Caller
from services.intake.preparation import IntakeContext, Prepared
from services.reference.entries import CodeEntry
from services.views import client_case, decision_explained
from services.views.client_case import ClientCase
from services.views.decision_explained import Audience
from services.views.explanation import Explanation
from services.views.language import Language
from shared.database import Database
from shared.errors import NotFoundError

Prepare = Callable[..., Prepared]


Store = Callable[[Sequence[Prepared]], list[str]]


Run = Callable[[Coroutine[Any, Any, Any]], Any]


Statements = Callable[[], AbstractContextManager[list[str]]]


SOME_ID = "0199c2b4-0000-7000-8000-000000000000"


@pytest.fixture
def read(db: Database, run: Run, intake_context: IntakeContext) -> Callable[..., dict[str, Any]]:
    """Return a function that reads a case as a caller sees it."""

    def _read(number: str, caller: Caller = intake_context.caller) -> dict[str, Any]:
        case: ClientCase = run(
            client_case.find(
                db, number, caller=caller, reference=intake_context.reference, ring=intake_context.ring
            )
        )
        return case.model_dump(exclude_unset=True)

    return _read


@pytest.fixture
def explain(db: Database, run: Run, intake_context: IntakeContext) -> Callable[..., dict[str, Any]]:
    """Return a function that explains a case to a caller."""

    def _explain(
        number: str, caller: Caller = intake_context.caller, language: Language = Language.EN
    ) -> dict[str, Any]:
        explanation: Explanation = run(
            decision_explained.explain(
                db,
                number,
                audience=Audience.of_client(caller),
                reference=intake_context.reference,
                language=language,
            )
        )
        return explanation.model_dump(mode="json")

    return _explain


def test_persons_are_masked(prepare: Prepare, store: Store, read: Callable[..., dict[str, Any]]) -> None:
    person = {
        "name": "王小明",
        "phone": "13800138000",
        "role": "AGENT",
        "address": "浙江省杭州市西湖区文三路1号",
        "identity_card": "53010219200508011X",
        "agent": {"name": "李四", "phone": "057187654321"},
    }
    [number] = store([prepare(complainant=person, item={"waybill": "75123456789012"}, sender={"name": "赵"})])
    case = read(number)
    assert case["persons"]["complainant"] == {
        "name": "王**",
        "phone": "138******00",
        "address": "浙江省杭州市****",
        "identity_card": "5****************X",
    }
    assert case["persons"]["agent"]["name"] == "李*"
    assert case["persons"]["sender"] == {"name": "*"}
    assert case["waybill"] == "**********9012"
    for secret in ("小明", "13800138000", "文三路", "5301021920", "7654321", "751234567", "快件显示"):
        assert secret not in str(case)


def test_another_clients_case_does_not_exist(
    prepare: Prepare,
    store: Store,
    read: Callable[..., Any],
    explain: Callable[..., Any],
    page: Callable[..., dict[str, Any]],
    new_context: Callable[..., IntakeContext],
) -> None:
    [number] = store([prepare(external_ref="mine")])
    stranger = new_context("complaint:read").caller
    for look in (read, explain):
        with pytest.raises(NotFoundError) as refused:
            look(number, stranger)
        with pytest.raises(NotFoundError) as unknown:
            look("20261124000000017", stranger)
        # nothing tells whether the number exists
        assert refused.value.detail == unknown.value.detail
    assert page(caller=stranger)["items"] == []
    assert page(caller=stranger, external_ref="mine")["items"] == []
    assert read(number, new_context("complaint:read:all").caller)["number"] == number
    assert len(page(caller=new_context("complaint:read:all").caller)["items"]) == 1


@pytest.mark.parametrize(
    "number", ["", "1", "20261124000000018", "2026112400000001７", "20261124990000013", "x" * 17]
)
def test_a_number_that_is_none_is_not_found(number: str, read: Callable[..., Any]) -> None:
    with pytest.raises(NotFoundError):
        read(number)


def test_reading_costs_a_fixed_number_of_statements(
    prepare: Prepare,
    store: Store,
    read: Callable[..., Any],
    explain: Callable[..., Any],
    page: Callable[..., Any],
    statements: Statements,
    route_all: Callable[[], int],
) -> None:
    numbers = store([prepare() for _ in range(30)])
    route_all()
    costs: tuple[tuple[Callable[[], object], int], ...] = (
        (lambda: read(numbers[0]), 2),
        (lambda: explain(numbers[0]), 2),
        (lambda: page(limit=30), 1),
        (lambda: page(limit=1), 1),
    )
    for look, cost in costs:
        with statements() as sent:
            look()
        assert len(sent) == cost


def test_an_explanation_tells_why_in_words_and_by_rules(
    prepare: Prepare, store: Store, explain: Callable[..., dict[str, Any]], route_all: Callable[[], int]
) -> None:
    admitted, doubtful, nowhere = store(
        [
            prepare(urgency=["DEPUTY"]),
            prepare(enterprise_complaint={"outcome": "NOT_COMPLAINED"}),
            prepare(addressee=None),
        ]
    )
    waiting = explain(admitted)
    assert (waiting["routed"], len(waiting["summary"])) == (False, 1)
    route_all()
    explanation = explain(admitted)
    assert explanation["assignment"]["rule"] == "R4"
    assert [tried["rule"] for tried in explanation["assignment"]["rules_tried"]] == ["R1", "R2", "R3", "R4"]
    assert explanation["level"]["level"] == "L2"
    assert explanation["level"]["copied_to"] == [{"code": "P330000", "name": "浙江省邮政管理局"}]
    assert explanation["admission"]["accepted"]
    assert [event["seq"] for event in explanation["history"]] == [1, 2, 3, 4]
    assert explanation["deadlines"]["answer_due_at"]
    assert "杭州市邮政管理局" in explanation["summary"][0]
    chinese = explain(admitted, language=Language.ZH)
    assert (
        chinese["summary"][0]
        == "由杭州市邮政管理局办理、浙江省邮政管理局督导，依据规则R4：投递地：330106 西湖区。"
    )
    assert (chinese["level"]["name"], explanation["level"]["name"]) == ("重点", "Key")
    assert (chinese["level"]["triggers"], explanation["level"]["triggers"]) == (
        [{"code": "DEPUTY", "text": "代表委员"}],
        [{"code": "DEPUTY", "text": "Deputy or CPPCC member"}],
    )
    assert [check["code"] for check in chinese["admission"]["checks"]] == [
        check["code"] for check in explanation["admission"]["checks"]
    ]
    assert not any(check["text"].isascii() for check in chinese["admission"]["checks"])
    refusal = explain(doubtful)
    assert refusal["admission"]["proposed_ground"] == "NOT_COMPLAINED_TO_ENTERPRISE"
    assert "NOT_COMPLAINED_TO_ENTERPRISE" in refusal["summary"][-1]
    assert explain(nowhere)["assignment"]["needs_triage"]
    for text in (explanation, refusal):
        assert "13800138000" not in str(text)
        assert "王小明" not in str(text)


def test_history_has_no_deadlines_to_explain(
    prepare: Prepare, store: Store, explain: Callable[..., dict[str, Any]], route_all: Callable[[], int]
) -> None:
    outcome = {"closed_at": "2019-03-20T10:00:00+08:00", "close_reason": "SETTLED", "responsibility": "NONE"}
    [number] = store([prepare(external_ref="h", received_at="2019-03-05T10:00:00+08:00", outcome=outcome)])
    route_all()
    explanation = explain(number)
    assert (explanation["deadlines"], explanation["status"]) == (None, "CLOSED")
    assert (explanation["admission"], explanation["level"]) == (None, None)


def test_history_is_shown_with_a_close_reason_that_the_operator_added(
    prepare: Prepare, store: Store, read: Callable[..., dict[str, Any]], intake_context: IntakeContext
) -> None:
    codes = {kind: dict(entries) for kind, entries in intake_context.reference.codes.items()}
    codes["close_reason"]["APOLOGISED"] = CodeEntry("APOLOGISED", "已致歉", "Apologised", "local")
    context = replace(intake_context, reference=replace(intake_context.reference, codes=codes))
    outcome = {
        "closed_at": "2019-04-01T10:00:00+08:00",
        "close_reason": "APOLOGISED",
        "responsibility": "ENTERPRISE",
    }
    filing = prepare(external_ref="h", received_at="2019-03-05T10:00:00+08:00", outcome=outcome, of=context)
    [number] = store([filing])
    assert read(number)["close_reason"] == "APOLOGISED"
