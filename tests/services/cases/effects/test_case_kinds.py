"""A second kind of case, made up here, has a table, deadlines and audiences of its own; no consequence knows it."""

from collections.abc import Callable
from types import MappingProxyType

import pytest

from services.cases.changes import NewEvent
from services.cases.planned_case import PlannedCase
from services.cases.stored_deadlines import MET
from services.rules.kinds import KINDS, KindRules, states_of
from services.rules.notices import Message, Notices
from services.rules.states import guards
from services.rules.states.facts import TransferFacts, WithdrawalFacts
from services.rules.states.table import IllegalMoveError, StateTable, by, free, guarded
from services.rules.states.verbs import Actor, Verb
from shared.event_kinds import EventKind
from shared.vocabulary import CaseKind, DeadlineKind, Status

COURIER = "COURIER_DISPUTE"
TABLE = StateTable(
    moves=(
        free(Verb.ACCEPT, Status.RECEIVED, Status.MEDIATING, by(Actor.REVIEWER), "talked about at once"),
        guarded(
            WithdrawalFacts,
            Status.MEDIATING,
            Status.WITHDRAWN,
            by(Actor.REVIEWER),
            guards.user_wishes_it,
            "the courier takes it back",
        ),
    ),
    deadlines=MappingProxyType(
        {Status.RECEIVED: DeadlineKind.FORWARD, Status.MEDIATING: DeadlineKind.ENTERPRISE_REPLY}
    ),
    awaiting_officer=MappingProxyType({EventKind.NOTE: frozenset({Status.RECEIVED})}),
)
NOTICES = Notices(
    to_carrier=MappingProxyType({EventKind.ACCEPTED: Message("dispute.opened", ("reply_due_at",))}),
    to_hotline=MappingProxyType({}),
)
KINDS_WITH_COURIERS = {**KINDS, COURIER: KindRules(TABLE, NOTICES)}
CASE = {"kind": COURIER, "forwarded_at": None, "accepted_at": None}

Follow = Callable[..., PlannedCase]


def test_its_moves_are_those_of_its_table() -> None:
    move = TABLE.check(Verb.ACCEPT, Status.RECEIVED, Actor.REVIEWER)
    assert move.target is Status.MEDIATING
    with pytest.raises(IllegalMoveError, match="accept is not possible now"):
        TABLE.check(Verb.ACCEPT, Status.MEDIATING, Actor.REVIEWER)
    with pytest.raises(IllegalMoveError, match="As REVIEWER you may: accept"):
        TABLE.check(TransferFacts(has_reason=True, has_office=True), Status.RECEIVED, Actor.REVIEWER)
    assert states_of(CaseKind.CONSUMER_COMPLAINT).check(
        Verb.ACCEPT, Status.RECEIVED, Actor.REVIEWER
    ).target is (Status.ACCEPTED)


def test_its_states_have_deadlines_of_their_own(follow: Follow) -> None:
    move = TABLE.check(Verb.ACCEPT, Status.RECEIVED, Actor.REVIEWER)
    planned = follow(NewEvent(EventKind.ACCEPTED), case=CASE, kinds=KINDS_WITH_COURIERS, move=move)
    assert [started.key for started in planned.starts] == [DeadlineKind.ENTERPRISE_REPLY]
    assert planned.outcomes[DeadlineKind.FORWARD] == MET
    assert planned.columns["status"] is Status.MEDIATING


def test_its_audiences_hear_of_it_in_messages_of_their_own(follow: Follow) -> None:
    move = TABLE.check(Verb.ACCEPT, Status.RECEIVED, Actor.REVIEWER)
    columns = {"forwarded_at": None}
    silent = follow(
        NewEvent(EventKind.ACCEPTED), case=CASE, kinds=KINDS_WITH_COURIERS, move=move, columns=columns
    )
    assert silent.messages == []
    case = CASE | {"forwarded_at": silent.case.moment}
    planned = follow(NewEvent(EventKind.ACCEPTED), case=case, kinds=KINDS_WITH_COURIERS, move=move)
    (entry,) = planned.messages
    assert (entry.audience, entry.type, entry.data["status"]) == (
        "carrier:ZTO",
        "dispute.opened",
        Status.MEDIATING,
    )
    assert entry.data["reply_due_at"] == planned.starts[0].due_at


def test_what_waits_for_an_officer_is_said_by_its_table(follow: Follow) -> None:
    dispute = follow(NewEvent(EventKind.NOTE), case=CASE, kinds=KINDS_WITH_COURIERS)
    complaint = follow(NewEvent(EventKind.NOTE), case={}, kinds=KINDS_WITH_COURIERS)
    assert [started.key for started in dispute.starts] == [DeadlineKind.CLAIM]
    assert complaint.starts == []
