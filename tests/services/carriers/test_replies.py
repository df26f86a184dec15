"""A carrier's reply: once whatever comes twice, complete or told what is missing, late by the clock, sealed."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.carriers import stored_replies
from services.carriers.replies import Received, ReplyAfterEndError, ReplyRefReusedError
from services.cases.changes import KeyedContext
from services.rules.states.table import IllegalMoveError
from shared import clock
from shared.database import Database
from shared.errors import InvalidInputError, NotFoundError

Make = Callable[..., str]
Reply = Callable[..., Received]
Ask = Callable[..., list[Any]]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]
Run = Callable[[Any], Any]


def test_a_complete_reply_moves_the_case_and_lets_an_officer_claim_it(
    forwarded: Make, reply: Reply, case_of: Case, deadlines_of: Rows, events_of: Rows
) -> None:
    number = forwarded()
    answer = reply(number)
    assert (answer.complete, answer.replayed) == (True, False)
    assert answer.body | {"received_at": None} == {
        "number": number,
        "reply_ref": "r1",
        "reply_seq": 1,
        "received_at": None,
        "complete": True,
        "missing": [],
        "late": False,
    }
    case = case_of(number)
    assert (case.status, case.reply_seq, case.reply_overdue) == ("REPLIED", 1, False)
    assert case.replied_at == answer.body["received_at"]
    deadlines = deadlines_of(number)
    assert (deadlines["enterprise_reply"].outcome, deadlines["return_visit"].outcome) == ("MET", None)
    # nobody has the case: the deadline to claim it runs from now
    assert (deadlines["claim"].outcome, deadlines["claim"].started_at) == (None, case.replied_at)
    event = events_of(number)[-1]
    assert (event.kind, event.actor, event.by) == ("REPLIED", "ENTERPRISE", "carrier:ZTO")
    assert event.data == {
        "reply_seq": 1,
        "reply_ref": "r1",
        "responsibility_admitted": True,
        "responsible_link": "DELIVERY",
        "responsible_unit": "杭州西湖文三路网点",
        "compensation_fen": 5000,
        "paid_on": "2026-01-05",
        "late": False,
        "other_procedure": "NONE",
        "attachments": [],
    }


def test_a_claim_that_runs_already_is_not_put_back(
    forwarded: Make, reply: Reply, deadlines_of: Rows, act: Callable[..., Any]
) -> None:
    number = forwarded()
    act(number, "claim")
    act(number, "release", reason="休假")
    before = deadlines_of(number)["claim"]
    assert before.outcome is None
    reply(number)
    assert deadlines_of(number)["claim"] == before


def test_a_case_that_somebody_has_starts_no_claim(
    forwarded: Make, reply: Reply, deadlines_of: Rows, act: Callable[..., Any]
) -> None:
    number = forwarded()
    act(number, "claim")
    reply(number)
    assert "claim" not in deadlines_of(number)


def test_an_incomplete_reply_is_kept_and_the_case_waits_for_the_rest(
    forwarded: Make, reply: Reply, case_of: Case, deadlines_of: Rows, events_of: Rows, ask: Ask
) -> None:
    number = forwarded()
    answer = reply(number, responsible_unit=None, facts="  ", paid_on=None, contact_log=None)
    assert answer.complete is False
    assert answer.body["missing"] == ["responsible_unit", "facts", "paid_on", "contact_log"]
    assert (case_of(number).status, case_of(number).reply_seq) == ("FORWARDED", 0)
    assert deadlines_of(number)["enterprise_reply"].outcome is None
    event = events_of(number)[-1]
    assert event.kind == "REPLY_INCOMPLETE"
    assert event.data == {"reply_ref": "r1", "reply_seq": 1, "missing": answer.body["missing"]}
    [entry] = ask("SELECT data FROM feed_entry WHERE type = 'case.reply_incomplete'")
    assert entry.data["missing"] == answer.body["missing"]
    # the whole reply has a number of its own
    assert reply(number, "r2").body["reply_seq"] == 2
    assert (case_of(number).status, case_of(number).reply_seq) == ("REPLIED", 2)


@pytest.mark.parametrize("changes", [{}, {"facts": None}])
def test_the_same_again_is_answered_as_it_was(
    changes: dict[str, Any], forwarded: Make, reply: Reply, ask: Ask, events_of: Rows
) -> None:
    number = forwarded()
    first = reply(number, **changes)
    again = reply(number, **changes)
    assert (again.body, again.complete, again.replayed) == (first.body, first.complete, True)
    assert ask("SELECT count(*) FROM reply")[0][0] == 1
    assert sum(event.kind in {"REPLIED", "REPLY_INCOMPLETE"} for event in events_of(number)) == 1


def test_a_number_of_a_reply_is_not_used_for_another_one(forwarded: Make, reply: Reply, ask: Ask) -> None:
    number = forwarded()
    reply(number, facts=None)
    with pytest.raises(ReplyRefReusedError):
        reply(number)
    assert ask("SELECT count(*) FROM reply")[0][0] == 1
    # it is the case's own: another case may have a reply of the same number
    assert reply(forwarded()).complete


@pytest.mark.parametrize("changes", [{}, {"facts": "核实后另行答复。"}])
def test_the_numbers_of_an_enterprise_are_not_those_of_the_one_before(
    changes: dict[str, Any], forwarded: Make, reply: Reply, ask: Ask, case_of: Case
) -> None:
    number = forwarded()
    ask("UPDATE complaint SET carrier_code = 'YTO'")
    first = reply(number, carrier="YTO", action=None)
    # the officer named another respondent, which begins with a number that the first one used
    ask("UPDATE complaint SET carrier_code = 'ZTO'")
    second = reply(number, action=None, **changes)
    assert (first.body["reply_seq"], second.body["reply_seq"], second.replayed) == (1, 2, False)
    assert [row.by for row in ask("SELECT by FROM reply ORDER BY seq")] == ["carrier:YTO", "carrier:ZTO"]
    assert reply(number, action=None, **changes).replayed
    assert case_of(number).status == "FORWARDED"


def test_a_reply_after_the_deadline_is_late_for_good(
    forwarded: Make, reply: Reply, act: Callable[..., Any], case_of: Case, deadlines_of: Rows, ask: Ask
) -> None:
    number = forwarded()
    ask("UPDATE case_deadline SET due_at = clock_timestamp() WHERE key = 'enterprise_reply'")
    assert reply(number).body["late"] is True
    assert (case_of(number).status, case_of(number).reply_overdue) == ("REPLIED", True)
    assert deadlines_of(number)["enterprise_reply"].outcome == "LATE"
    act(number, "rework", ground="ACCOUNT_DIFFERS", reason="用户称未联系。", untruthful=True)
    # in time this time, but late once
    assert reply(number, "r2").body["late"] is False
    case = case_of(number)
    assert (case.reply_overdue, case.reply_untruthful, case.reply_seq) == (True, True, 2)
    assert [
        (reply.seq, reply.late, reply.untruthful) for reply in ask("SELECT * FROM reply ORDER BY seq")
    ] == [
        (1, True, True),
        (2, False, False),
    ]
    assert deadlines_of(number)["rework_reply"].outcome == "MET"


def test_a_deadline_that_stands_still_makes_nobody_late(
    forwarded: Make, reply: Reply, act: Callable[..., Any]
) -> None:
    number = forwarded()
    act(number, "pause", deadline="enterprise_reply", basis="FORCE_MAJEURE", reason="台风")
    assert reply(number).body["late"] is False


def test_only_its_own_forwarded_cases_can_be_replied_to(
    received: Make, forwarded: Make, reply: Reply, ask: Ask
) -> None:
    for number, carrier in ((received(), "ZTO"), (forwarded(), "YTO"), ("20260101000000001", "ZTO")):
        with pytest.raises(NotFoundError):
            reply(number, carrier=carrier)
    assert ask("SELECT count(*) FROM reply")[0][0] == 0


def test_a_reply_that_nobody_awaits_is_refused_with_what_is_allowed(
    forwarded: Make, reply: Reply, ask: Ask, case_of: Case, act: Callable[..., Any]
) -> None:
    number = forwarded()
    reply(number)
    version = case_of(number).version
    with pytest.raises(IllegalMoveError, match="REPLIED"):
        reply(number, "r2")
    act(number, "close-other-procedure", procedure="LITIGATION", answer="已进入诉讼程序。")
    with pytest.raises(ReplyAfterEndError, match="CLOSED"):
        reply(number, "r3")
    # what came before is still answered as it was
    assert reply(number).replayed
    assert (ask("SELECT count(*) FROM reply")[0][0], case_of(number).version > version) == (1, True)


def test_the_news_of_another_procedure_is_a_complete_reply(
    forwarded: Make, reply: Reply, case_of: Case, events_of: Rows
) -> None:
    number = forwarded()
    answers = {"responsibility_admitted": None, "responsible_unit": None, "responsible_link": None}
    answer = reply(
        number, other_procedure="LITIGATION", contact_log=None, compensation_fen=None, paid_on=None, **answers
    )
    assert answer.complete
    # the bureau is told; it is the officer who closes
    assert (case_of(number).status, case_of(number).other_procedure) == ("REPLIED", "NONE")
    assert events_of(number)[-1].data["other_procedure"] == "LITIGATION"


def test_money_was_paid_and_not_promised(forwarded: Make, reply: Reply, ask: Ask) -> None:
    number = forwarded()
    tomorrow = clock.civil_day(clock.now() + timedelta(days=2)).isoformat()
    with pytest.raises(InvalidInputError) as refused:
        reply(number, paid_on=tomorrow)
    assert [fault.pointer for fault in refused.value.errors] == ["/paid_on"]
    assert ask("SELECT count(*) FROM reply")[0][0] == 0


def test_attachments_are_evidence_of_the_case(
    forwarded: Make, reply: Reply, ask: Ask, db: Database, run: Run, context: KeyedContext
) -> None:
    number, stranger = forwarded(), forwarded()
    mine, theirs = uuid.uuid4(), uuid.uuid4()
    for case, evidence_id in ((number, mine), (stranger, theirs)):
        ask(
            "INSERT INTO evidence (bucket, complaint_id, id, by, source, sha256, media_type, size, storage_key, sealed) "
            "SELECT bucket, id, :evidence_id, 'carrier:ZTO', 'ENTERPRISE', '', 'image/png', 1, 'k', '' FROM complaint "
            "WHERE number = :number",
            evidence_id=evidence_id,
            number=case,
        )
    with pytest.raises(InvalidInputError) as refused:
        reply(number, attachments=[str(mine), str(theirs)])
    assert [fault.pointer for fault in refused.value.errors] == ["/attachments/1"]
    reply(number, attachments=[str(mine)])
    [shown] = run(stored_replies.listed(db, "ZTO", number, context.ring))
    assert shown["attachments"] == [str(mine)]


def test_a_reply_is_a_fixed_number_of_statements(
    forwarded: Make, reply: Reply, statements: Callable[[], Any]
) -> None:
    number = forwarded()
    with statements() as sent:
        reply(number)
    # case, replies, deadlines; deadlines ended and begun, case, rows and event
    assert len(sent) == 7, sent
