"""The sweep: steps are said once, to those whom the policy names, whatever was done to a case and whoever has it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from services.cases import lookup
from services.deadlines import sweep
from services.desk.perform import VerbOutcome
from services.reference.data import ReferenceData
from shared.database import Database

DAY = timedelta(days=1)
Make = Callable[..., str]
Case = Callable[[str], Any]
Act = Callable[..., VerbOutcome]
Later = Callable[..., None]
Sweep = Callable[..., int]
Said = Callable[[str], list[tuple[str, int, str]]]


def test_nothing_is_said_before_its_time(received: Make, sweep_all: Sweep, case_of: Case) -> None:
    number = received()
    version = case_of(number).version
    assert sweep_all() == 0
    assert case_of(number).version == version


def test_an_enterprise_that_is_late_makes_the_case_one_of_attention(
    forwarded: Make,
    later: Later,
    sweep_all: Sweep,
    case_of: Case,
    events_of: Case,
    said: Said,
    ask: Callable[..., list[Any]],
    deadlines_of: Case,
) -> None:
    number = forwarded()
    later(15 * DAY)
    sweep_all()
    assert ("enterprise_reply", 1, "LONG_OVERDUE") in said(number)
    case = case_of(number)
    assert (case.level, case.reply_overdue, case.overdue_total) == ("L1", True, False)
    assert case.escalated_at is not None
    reminder, raised = events_of(number)[-2:]
    assert (reminder.kind, raised.kind) == ("DEADLINE_REMINDER", "LEVEL_RAISED")
    assert (reminder.data["deadline"], reminder.data["step"]) == ("enterprise_reply", "LONG_OVERDUE")
    assert reminder.data["notified_bureaus"] == ["C330100", "P330000"]
    assert raised.data == {"from": "L0", "to": "L1", "trigger": "enterprise_reply", "step": "LONG_OVERDUE"}
    # the enterprise is told of its own deadline and of nothing else
    entries = [row.data for row in ask("SELECT data FROM feed_entry WHERE type = 'case.reminder'")]
    assert [(entry["deadline"], entry["step"]) for entry in entries] == [("enterprise_reply", "LONG_OVERDUE")]
    assert "notified_bureaus" not in entries[0]
    # the targets of the new level run
    assert deadlines_of(number)["close_target"].rule == "close_target_l1"
    assert case.next_due_at == min(
        deadline.due_at for deadline in deadlines_of(number).values() if deadline.stopped_at is None
    )


def test_the_enterprise_hears_of_its_own_deadline_whatever_else_is_graver(
    forwarded: Make, sweep_all: Sweep, ask: Callable[..., list[Any]], events_of: Case
) -> None:
    number = forwarded()
    for key, ago in (("enterprise_reply", timedelta(minutes=1)), ("first_contact", 30 * DAY)):
        ask(
            "UPDATE case_deadline SET due_at = clock_timestamp() - CAST(:ago AS interval), "
            "started_at = started_at - CAST(:ago AS interval), next_check_at = clock_timestamp() WHERE key = :key",
            ago=ago,
            key=key,
        )
    sweep_all()
    reminder = next(event for event in events_of(number) if event.kind == "DEADLINE_REMINDER").data
    assert (reminder["deadline"], reminder["step"]) == ("enterprise_reply", "OVERDUE")
    assert [(step["deadline"], step["step"]) for step in reminder["also"]] == [
        ("first_contact", "LONG_OVERDUE")
    ]
    [entry] = ask("SELECT data FROM feed_entry WHERE type = 'case.reminder'")
    assert (entry.data["deadline"], entry.data["step"]) == ("enterprise_reply", "OVERDUE")


def test_a_case_that_nobody_was_assigned_comes_to_the_national_centre(
    unrouted: Make,
    later: Later,
    sweep_all: Sweep,
    said: Said,
    events_of: Case,
    case_of: Case,
    work: Callable[[], None],
    deadlines_of: Case,
) -> None:
    number = unrouted()
    later(40 * DAY)
    sweep_all()
    assert said(number) == [("acceptance", 1, "LONG_OVERDUE"), ("total", 1, "LONG_OVERDUE")]
    reminder = events_of(number)[1]
    assert {reminder.data["deadline"], reminder.data["also"][0]["deadline"]} == {"acceptance", "total"}
    assert reminder.data["notified_bureaus"] == ["N000000"]
    case = case_of(number)
    assert (case.level, case.overdue_total, case.copied_to) == ("L2", True, ["N000000"])
    # its targets begin with its bureau, at the level that it has by then
    assert set(deadlines_of(number)) == {"acceptance", "total"}
    work()
    assert (case_of(number).level, deadlines_of(number)["first_contact"].rule) == ("L2", "first_contact_l2")


def test_a_case_that_nobody_claims_comes_to_the_supervising_bureau(
    received: Make, later: Later, sweep_all: Sweep, events_of: Case, said: Said
) -> None:
    number = received()
    later(20 * DAY, number)
    sweep_all()
    assert any(key == "claim" and step in {"OVERDUE", "LONG_OVERDUE"} for key, _, step in said(number))
    named = [
        each
        for event in events_of(number)
        if event.kind == "DEADLINE_REMINDER"
        for each in (event.data, *event.data.get("also", ()))
    ]
    claim = next(each for each in named if each["deadline"] == "claim")
    assert claim["notified_bureaus"][:2] == ["C330100", "P330000"]


def test_only_the_gravest_step_is_said_after_a_standstill_and_one_event_names_all_deadlines(
    received: Make, later: Later, sweep_all: Sweep, said: Said, events_of: Case
) -> None:
    number = received()
    later(45 * DAY)
    assert sweep_all() == 1
    assert {step for _, _, step in said(number)} == {"LONG_OVERDUE"}
    assert len(said(number)) == len({key for key, _, _ in said(number)}) >= 4
    assert [event.kind for event in events_of(number)].count("DEADLINE_REMINDER") == 1


def test_steps_come_one_after_another_while_the_worker_works(
    forwarded: Make, later: Later, sweep_all: Sweep, said: Said
) -> None:
    number = forwarded()
    for _ in range(160):
        later(DAY / 4)  # the last step before the end is due in its morning
        sweep_all()
    steps = [step for key, _, step in said(number) if key == "total"]
    assert steps == ["HALF", "FOUR_FIFTHS", "LAST_DAY", "OVERDUE", "LONG_OVERDUE"]


def test_notes_and_visits_reset_nothing(
    received: Make, later: Later, sweep_all: Sweep, said: Said, act: Act, deadlines_of: Case
) -> None:
    number = received()
    act(number, "claim")
    before = deadlines_of(number)
    for _ in range(3):
        act(number, "note", note="等待核实。")
    assert {
        key: (deadline.due_at, deadline.next_check_at) for key, deadline in deadlines_of(number).items()
    } == {key: (deadline.due_at, deadline.next_check_at) for key, deadline in before.items()}
    later(8 * DAY)
    act(number, "note", note="仍在等待。")
    sweep_all()
    assert ("acceptance", 1, "LONG_OVERDUE") in said(number) or ("acceptance", 1, "OVERDUE") in said(number)


def test_a_deadline_that_stands_still_is_not_spoken_of(
    received: Make, later: Later, sweep_all: Sweep, said: Said, act: Act
) -> None:
    number = received()
    act(number, "pause", deadline="acceptance", basis="FORCE_MAJEURE", reason="暴雨停运")
    later(40 * DAY)
    sweep_all()
    keys = {key for key, _, _ in said(number)}
    assert "acceptance" not in keys
    assert "total" in keys, "the statutory deadline stands still for nobody"


def test_nothing_is_said_of_a_case_that_has_ended(
    received: Make, later: Later, sweep_all: Sweep, said: Said, act: Act
) -> None:
    number = received()
    act(number, "withdraw", reason="用户撤回")
    later(40 * DAY)
    assert sweep_all() == 0
    assert said(number) == []


def test_sweeping_twice_changes_nothing(
    received: Make, forwarded: Make, later: Later, sweep_all: Sweep, ask: Callable[..., list[Any]]
) -> None:
    received()
    forwarded()
    later(20 * DAY)
    sweep_all()
    before = (
        ask("SELECT * FROM escalation ORDER BY 1, 2, 3, 4, 5"),
        ask("SELECT * FROM complaint ORDER BY id"),
    )
    assert sweep_all() == 0
    # not even where a deadline is looked at again that said everything before
    ask(
        "UPDATE case_deadline SET next_check_at = clock_timestamp(), last_step = 0 "
        "WHERE next_check_at IS NOT NULL OR last_step > 0"
    )
    sweep_all()
    assert (
        ask("SELECT * FROM escalation ORDER BY 1, 2, 3, 4, 5"),
        ask("SELECT * FROM complaint ORDER BY id"),
    ) == before


def test_a_raised_level_never_lengthens_a_target(
    received: Make,
    later: Later,
    sweep_all: Sweep,
    deadlines_of: Case,
    case_of: Case,
    strict: ReferenceData,
    act: Act,
) -> None:
    number = received(urgency=["ELDERLY"])
    before = deadlines_of(number)
    assert before["close_target"].rule == "close_target_l1"
    # a target that ends sooner than any that the new level would bring
    later(14 * DAY)
    due = deadlines_of(number)["close_target"].due_at
    sweep_all(by=strict)
    after = deadlines_of(number)
    assert (case_of(number).level, after["close_target"].round) == ("L2", 1)
    assert after["close_target"].due_at == due
    # and counted anew, as for a bureau with other hours, it is no longer either
    act(number, "reassign", bureau="C330200", reason="属地")
    assert deadlines_of(number)["close_target"].due_at <= due + 14 * DAY
    assert {key: deadline.due_at for key, deadline in after.items() if key == "total"} == {
        "total": case_of(number).total_due_at
    }


def test_an_officer_and_the_sweep_never_wait_for_one_another(
    received: Make,
    later: Later,
    sweep_once: Sweep,
    said: Said,
    db: Database,
    run: Callable[..., Any],
    reference: ReferenceData,
) -> None:
    busy, idle = received(), received()
    later(20 * DAY)

    async def _while_an_officer_works() -> int:
        async with db.transaction() as connection:
            await lookup.find(connection, busy, (), lock=True)
            return await sweep.sweep(db, reference, size=10)

    assert run(_while_an_officer_works()) == 1
    assert (said(busy), bool(said(idle))) == ([], True)
    assert sweep_once() == 1
    assert said(busy)
