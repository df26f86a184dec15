"""Where a case is handled and how closely it is watched: hops, bounces, superiors, levels, and the deadlines that follow."""

from collections.abc import Callable
from typing import Any

import pytest

from services.casework.session import DeskSession
from services.desk.assignment import NothingChangesError, SupervisorNeededError
from services.desk.perform import VerbOutcome
from shared.errors import InvalidInputError, NotFoundError

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]
MakeDesk = Callable[..., DeskSession]


def test_each_hop_is_kept_with_its_reason_and_two_are_enough(
    received: Make, act: Act, desk: MakeDesk, case_of: Case, events_of: Rows
) -> None:
    number = received()
    act(number, "reassign", bureau="C330200", reason="收件地在宁波")
    assert (case_of(number).handling_bureau, case_of(number).bounces) == ("C330200", 1)
    act(number, "reassign", by=desk("C330200"), bureau="C330100", reason="不属本局")
    assert (case_of(number).handling_bureau, case_of(number).bounces) == ("C330100", 2)
    # the third time the common superior decides
    outcome = act(number, "reassign", bureau="C330200", reason="再次改派")
    assert outcome.answer.model_dump()["assigned_to"] == "P330000"
    case = case_of(number)
    assert (case.handling_bureau, case.supervising_bureau, case.claimed_by) == ("P330000", "N000000", None)
    hops = [event for event in events_of(number) if event.kind == "REASSIGNED"]
    assert [(hop.data["from"], hop.data["to"], hop.data["rule"]) for hop in hops] == [
        ("C330100", "C330200", "BOUNCE"),
        ("C330200", "C330100", "BOUNCE"),
        ("C330100", "P330000", "BOUNCES"),
    ]
    assert all(hop.sealed for hop in hops)


def test_between_provinces_the_national_centre_decides(
    received: Make, act: Act, desk: MakeDesk, case_of: Case
) -> None:
    number = received()
    act(number, "reassign", bureau="C440100", reason="在广州")
    assert case_of(number).province == "440000"
    act(number, "reassign", by=desk("C440100"), bureau="C330100", reason="在杭州")
    act(number, "reassign", bureau="C440100", reason="在广州")
    assert case_of(number).handling_bureau == "N000000"


def test_a_superior_assigns_and_nobody_bounced_it(
    received: Make, act: Act, desk: MakeDesk, case_of: Case
) -> None:
    number = received()
    act(number, "reassign", by=desk("P330000"), bureau="C330200", reason="指定宁波办理")
    assert (case_of(number).handling_bureau, case_of(number).bounces) == ("C330200", 0)
    act(number, "reassign", by=desk("N000000"), bureau="P440000", reason="指定广东办理")
    assert (case_of(number).handling_bureau, case_of(number).province) == ("P440000", "440000")
    with pytest.raises(NotFoundError):
        act(number, "reassign", by=desk("C330100"), bureau="C330100", reason="x")


def test_a_province_hands_down_to_its_city(received: Make, act: Act, desk: MakeDesk, case_of: Case) -> None:
    number = received()
    act(number, "reassign", by=desk("N000000"), bureau="P330000", reason="省局办理")
    act(number, "reassign", by=desk("P330000"), bureau="C330100", reason="交杭州办理")
    assert (case_of(number).handling_bureau, case_of(number).bounces) == ("C330100", 0)


def test_what_is_no_reassignment(received: Make, act: Act) -> None:
    number = received()
    with pytest.raises(NothingChangesError):
        act(number, "reassign", bureau="C330100", reason="x")
    with pytest.raises(InvalidInputError):
        act(number, "reassign", bureau="C999999", reason="x")


def test_a_reassigned_case_waits_to_be_claimed_and_keeps_its_legal_deadlines(
    received: Make, act: Act, deadlines_of: Rows
) -> None:
    number = received()
    act(number, "claim")
    before = deadlines_of(number)
    act(number, "reassign", bureau="C330200", reason="收件地在宁波")
    after = deadlines_of(number)
    assert (after["claim"].round, after["claim"].stopped_at) == (2, None)
    assert (after["total"].due_at, after["acceptance"].due_at) == (
        before["total"].due_at,
        before["acceptance"].due_at,
    )


def test_a_raised_level_brings_nearer_targets_and_copies_and_moves_no_legal_deadline(
    received: Make, act: Act, case_of: Case, deadlines_of: Rows
) -> None:
    number = received()
    before = deadlines_of(number)
    act(number, "level", level="L2", reason="媒体关注")
    case, after = case_of(number), deadlines_of(number)
    assert (case.level, case.copied_to) == ("L2", ["P330000"])
    assert (after["first_contact"].rule, after["first_contact"].round) == ("first_contact_l2", 2)
    assert after["first_contact"].due_at <= before["first_contact"].due_at
    assert {"close_target", "progress_report"} <= after.keys()
    for key in ("total", "acceptance"):
        assert (after[key].due_at, after[key].round) == (before[key].due_at, 1)
    assert case.next_due_at == min(
        deadline.due_at for deadline in after.values() if deadline.stopped_at is None
    )


def test_a_level_is_lowered_by_a_named_supervisor_only(
    received: Make, act: Act, desk: MakeDesk, case_of: Case, deadlines_of: Rows, events_of: Rows
) -> None:
    number = received(urgency=["DEPUTY"])
    with pytest.raises(SupervisorNeededError):
        act(number, "level", level="L0", reason="误报")
    act(number, "level", by=desk(officer="chen.jie", supervisor=True), level="L0", reason="误报")
    assert (case_of(number).level, case_of(number).copied_to) == ("L0", [])
    event = events_of(number)[-1]
    assert (event.kind, event.actor, event.by) == ("LEVEL_LOWERED", "SUPERVISOR", "C330100/chen.jie")
    assert deadlines_of(number)["first_contact"].rule == "first_contact_l0"
    with pytest.raises(NothingChangesError):
        act(number, "level", level="L0", reason="again")


def test_a_superior_raises_the_level_of_a_case_that_it_does_not_handle(
    received: Make, act: Act, desk: MakeDesk, case_of: Case
) -> None:
    number = received()
    act(number, "level", by=desk("P330000"), level="L3", reason="领导批示")
    assert (case_of(number).level, case_of(number).copied_to) == ("L3", ["P330000", "N000000"])
