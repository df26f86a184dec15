"""Every invariant can fail: each is violated once on purpose, found, and named with its case; the verb tells of it."""

import json
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ops.cli import app
from services.deadlines import invariants
from services.desk.perform import VerbOutcome
from shared.database import Database
from shared.privacy import keyring

DAY = timedelta(days=1)
Make = Callable[..., str]
Ask = Callable[..., list[Any]]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Act = Callable[..., VerbOutcome]
_OF_CASE = "c.bucket = k.bucket AND c.id = k.complaint_id AND c.number = :number"
_LIMIT = f"FROM complaint c WHERE {_OF_CASE}"

VIOLATIONS = {
    "every live open case has a bureau, or a live task to find one": (
        "UPDATE complaint SET handling_bureau = NULL WHERE number = :number",
    ),
    "every overdue deadline of an open case has its escalation": (
        f"UPDATE case_deadline k SET due_at = clock_timestamp() - interval '1 day' {_LIMIT} AND k.key = 'total'",
        f"UPDATE complaint c SET next_due_at = k.due_at FROM case_deadline k WHERE {_OF_CASE} AND k.key = 'total'",
    ),
    "every reported step of a deadline stands in exactly one event": (
        """INSERT INTO escalation (bucket, complaint_id, key, round, step, level_before, level_after, notified_bureaus)
        SELECT bucket, id, 'total', 1, 'HALF', 'L0', 'L0', '{}' FROM complaint WHERE number = :number""",
    ),
    "every running deadline has a next check until its last step is reported": (
        f"UPDATE case_deadline k SET next_check_at = NULL {_LIMIT} AND k.key = 'total'",
    ),
    "every live open case has a running deadline": (
        f"UPDATE case_deadline k SET stopped_at = clock_timestamp(), outcome = 'MOOT', next_check_at = NULL {_LIMIT}",
        "UPDATE complaint SET next_due_at = NULL WHERE number = :number",
    ),
    "the next due moment of a case is that of its nearest running deadline": (
        "UPDATE complaint SET next_due_at = next_due_at + interval '1 hour' WHERE number = :number",
    ),
    "the version of a case is the number of its events": (
        "UPDATE complaint SET version = version + 1 WHERE number = :number",
    ),
    "the status of a case is that to which its events led": (
        "UPDATE complaint SET status = 'REPLIED' WHERE number = :number",
    ),
}


def test_every_invariant_says_what_it_means_and_holds_of_nothing(db: Database, run: Run) -> None:
    results = run(invariants.check(db, grace=timedelta(0)))
    assert len(results) == len(invariants.statements()) == 11
    assert all(each.holds for each in results)
    assert set(VIOLATIONS) < set(invariants.statements())


@pytest.mark.parametrize("invariant", VIOLATIONS)
def test_what_is_wrong_is_found_and_named(
    invariant: str, received: Make, db: Database, run: Run, ask: Ask, broken: Callable[[], dict[str, int]]
) -> None:
    number, _sound = received(), received()
    assert broken() == {}
    for statement in VIOLATIONS[invariant]:
        ask(statement, number=number)
    wrong = [each for each in run(invariants.check(db, grace=timedelta(0))) if not each.holds]
    assert [(each.invariant, each.violations, each.examples) for each in wrong] == [(invariant, 1, (number,))]


def test_a_step_said_twice_is_found(
    received: Make,
    later: Callable[..., None],
    sweep_all: Callable[..., int],
    ask: Ask,
    broken: Callable[[], dict[str, int]],
) -> None:
    received()
    later(20 * DAY)
    sweep_all()
    assert broken() == {}
    ask(
        "INSERT INTO case_event (bucket, complaint_id, seq, kind, actor, data) "
        "SELECT bucket, complaint_id, seq + 1, kind, actor, data FROM case_event WHERE kind = 'DEADLINE_REMINDER'"
    )
    ask("UPDATE complaint SET version = version + 1")
    assert set(broken()) == {"every reported step of a deadline stands in exactly one event"}


def test_a_deadline_that_runs_on_after_the_end_is_found(
    received: Make, act: Act, ask: Ask, broken: Callable[[], dict[str, int]]
) -> None:
    number = received()
    act(number, "withdraw", reason="用户撤回")
    assert broken() == {}
    ask(
        "UPDATE case_deadline SET stopped_at = NULL, outcome = NULL, next_check_at = clock_timestamp() WHERE key = 'total'"
    )
    ask("UPDATE complaint SET next_due_at = (SELECT due_at FROM case_deadline WHERE key = 'total')")
    assert set(broken()) == {"no deadline runs for a case that has ended"}


def test_a_merge_that_leads_in_a_circle_is_found(
    received: Make, act: Act, ask: Ask, broken: Callable[[], dict[str, int]]
) -> None:
    child, parent = received(), received()
    act(child, "merge", into=parent, reason="同一事项")
    assert broken() == {}
    ask(
        "UPDATE complaint c SET merged_into_bucket = c.bucket, merged_into = c.id WHERE number = :number",
        number=child,
    )
    assert broken() == {"every merge leads to a case that is not merged": 1}


def test_the_life_of_a_case_keeps_them(
    received: Make, replied: Make, act: Act, work: Callable[[], None], broken: Callable[[], dict[str, int]]
) -> None:
    """Status and events agree on ways on which an event leads back: supplement, merge undone, case reopened."""
    incomplete, child, parent = received(request=None), received(), received()
    act(incomplete, "request-supplement", items=["REQUEST"], message="请补充。")
    act(incomplete, "supplement", request="请赔偿。")
    act(incomplete, "supplement", request="另请道歉。")
    act(child, "merge", into=parent, reason="同一事项")
    act(child, "unmerge", reason="并错了")
    act(replied(), "rework", ground="ACCOUNT_DIFFERS", reason="说法不一")
    work()
    assert broken() == {}


def test_the_verb_tells_what_does_not_hold(
    received: Make,
    db: Database,
    ask: Ask,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    keyring.create(tmp_path / "keys.json", purpose="development")
    monkeypatch.setenv("SHENSU_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", db.engine.url.render_as_string(hide_password=False))
    numbers = sorted(received() for _ in range(4))
    assert app.main(["invariants", "check"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(invariants.statements())
    ask("UPDATE complaint SET version = version + 1")
    assert app.main(["invariants", "check"]) == 1
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("✗")]
    assert f"violated by 4 ({', '.join(numbers[:3])}, …)" in line
    assert app.main(["invariants", "check", "--json"]) == 1
    assert sum(each["violations"] for each in json.loads(capsys.readouterr().out)) == 4
