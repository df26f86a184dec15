"""What fails in routing: a rule is passed over and told, a poisoned case harms no other and dies in the end."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.intake.preparation import Prepared
from services.rules.jurisdiction import bureau_choice
from services.rules.jurisdiction.bureau_choice import PassedOver
from services.tasks import queue

Prepare = Callable[..., Prepared]
Store = Callable[[Sequence[Prepared]], list[str]]
Ask = Callable[..., list[Any]]
Case = Callable[[str], Any]
Record = Callable[..., dict[str, Any]]


def _break_rules(monkeypatch: pytest.MonkeyPatch, *ids: str) -> None:
    def _broken(*_: Any) -> PassedOver:
        raise ZeroDivisionError("secret of the case")

    rules = tuple(rule._replace(apply=_broken) if rule.id in ids else rule for rule in bureau_choice.RULES)
    monkeypatch.setattr(bureau_choice.decide, "__defaults__", (rules,))


def test_a_rule_that_fails_is_passed_over_recorded_and_raises_an_alarm(
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    case_of: Case,
    record_of: Record,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _break_rules(monkeypatch, "R2")
    [number] = store([prepare()])
    with capture_logs() as logs:
        route_all()
    tried = record_of(number)["jurisdiction"]["tried"]
    assert [(rule, outcome) for rule, outcome, *_ in tried[:2]] == [("R1", "passed_over"), ("R2", "error")]
    assert case_of(number).handling_bureau == "C330100"
    assert "secret" not in str(tried)
    assert ("rule_failed", "R2", number) in [
        (log["event"], log.get("rule"), log.get("number")) for log in logs
    ]


def test_where_every_rule_fails_the_floor_holds(
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    case_of: Case,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _break_rules(monkeypatch, *(rule.id for rule in bureau_choice.RULES))
    [number] = store([prepare()])
    route_all()
    case = case_of(number)
    assert (case.handling_bureau, case.triage, case.status) == ("N000000", True, "RECEIVED")


def test_a_poisoned_case_harms_no_other_and_dies_in_the_end(
    prepare: Prepare, store: Store, route_all: Callable[..., int], case_of: Case, ask: Ask
) -> None:
    numbers = store([prepare() for _ in range(9)])
    poisoned = numbers[4]
    ask("UPDATE complaint SET goods = 'UNKNOWN TO ALL' WHERE number = :number", number=poisoned)
    assert route_all() == 9
    assert [number for number in numbers if case_of(number).routed_at is None] == [poisoned]
    for _ in range(queue.MAX_ATTEMPTS - 1):
        assert route_all() == 0
        ask("UPDATE task SET next_at = clock_timestamp() - interval '1 second'")
        assert route_all() == 1
    [task] = ask("SELECT * FROM task WHERE kind = 'route'")
    assert (task.state, task.attempts, task.last_error) == ("dead", queue.MAX_ATTEMPTS, "ValueError")
    assert [
        row.kind
        for row in ask("SELECT kind FROM case_event WHERE complaint_id = :id", id=case_of(poisoned).id)
    ] == ["RECEIVED"]


def test_a_poisoned_case_is_routed_once_it_is_mended_and_requeued(
    prepare: Prepare, store: Store, route_all: Callable[..., int], case_of: Case, ask: Ask
) -> None:
    [number] = store([prepare()])
    ask("UPDATE complaint SET goods = 'UNKNOWN TO ALL'")
    route_all()
    ask("UPDATE complaint SET goods = 'ORDINARY'")
    ask("UPDATE task SET next_at = clock_timestamp() - interval '1 second'")
    route_all()
    assert case_of(number).status == "FORWARDED"
