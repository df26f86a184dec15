"""The history of a change: its events numbered on from the version, by whom, with words sealed each for its number."""

import uuid
from typing import cast

import pytest

from services.cases import events, planned_case, words
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.cases.effects import history
from services.cases.events import EventRow
from services.rules.states.verbs import Actor
from shared.event_kinds import EventKind
from shared.privacy import keyring
from shared.privacy.blind_index import BlindIndex
from shared.privacy.keyring import KeyRing
from tests.services.case_rows import head

OTHER = uuid.UUID(int=8)


@pytest.fixture(scope="module")
def ring() -> KeyRing:
    """Return a key ring of one new key."""
    return KeyRing({1: keyring.new_data_key(1)}, 1, BlindIndex(bytes(32)))


def test_events_of_each_case_are_numbered_on_from_its_version(context: WorkerContext, ring: KeyRing) -> None:
    note = NewEvent(EventKind.NOTE, {"contact": True}, words.make({"note": "李小红来电"}, ring))
    first = CaseChange(
        case=head(version=3),
        actor=Actor.REVIEWER,
        by="C330100/li.na",
        new_events=[NewEvent(EventKind.CLAIMED), note],
    )
    second = CaseChange(case=head(id=OTHER, version=9), actor=Actor.WORKER, new_events=[note])
    plans = [planned_case.plan(change, ()) for change in (first, second)]
    # what a consequence added has its number, too
    plans[0].new_events.append(NewEvent(EventKind.ACCEPTED))
    [(_, parts)] = history.follow(plans, context)
    rows = cast("list[EventRow]", parts)
    assert [(row["complaint_id"].int, row["seq"], row["kind"]) for row in rows] == [
        (7, 4, EventKind.CLAIMED),
        (7, 5, EventKind.NOTE),
        (7, 6, EventKind.ACCEPTED),
        (8, 10, EventKind.NOTE),
    ]
    assert [(row["actor"], row["by"]) for row in rows[1::2]] == [
        (Actor.REVIEWER, "C330100/li.na"),
        (Actor.WORKER, None),
    ]
    assert (rows[1]["data"], rows[0]["sealed"]) == ('{"contact":true}', None)
    for row in (rows[1], rows[3]):
        read = events.read_words(row["sealed"], ring, complaint_id=row["complaint_id"], seq=row["seq"])
        assert read == {"note": "李小红来电"}


def test_no_events_are_no_rows(context: WorkerContext) -> None:
    [(_, rows)] = history.follow([], context)
    assert rows == []
