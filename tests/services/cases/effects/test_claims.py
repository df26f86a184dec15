"""A case that waits for an officer and has none gets a deadline to be claimed; nothing else starts one."""

from collections.abc import Callable
from typing import Any

import pytest

from services.cases.changes import NewEvent
from services.cases.planned_case import PlannedCase
from services.cases.stored_deadlines import MET, MOOT
from services.rules.states.complaints import CONSUMER_COMPLAINTS
from shared.event_kinds import EventKind
from shared.vocabulary import ENDED, DeadlineKind, Status

Follow = Callable[..., PlannedCase]
WAITS = [
    (EventKind.WAITS_FOR_OFFICER, "RECEIVED"),
    (EventKind.WAITS_FOR_OFFICER, "ACCEPTED"),
    (EventKind.REPLIED, "REPLIED"),
    (EventKind.RELEASED, "MEDIATING"),
    (EventKind.REASSIGNED, "FORWARDED"),
    (EventKind.REOPENED, "REPLIED"),
    (EventKind.UNMERGED, "RECEIVED"),
]


def _starts(planned: PlannedCase) -> list[DeadlineKind]:
    return [started.key for started in planned.starts]


@pytest.mark.parametrize(("kind", "status"), WAITS)
def test_what_waits_for_an_officer_and_has_none_is_to_be_claimed(
    follow: Follow, kind: EventKind, status: str
) -> None:
    planned = follow(NewEvent(kind), case={"status": status})
    assert _starts(planned) == [DeadlineKind.CLAIM]
    # one that runs already is not put back
    assert planned.outcomes == {}


@pytest.mark.parametrize(("kind", "status"), WAITS)
def test_an_officer_who_has_the_case_is_waited_for_no_more(
    follow: Follow, kind: EventKind, status: str
) -> None:
    assert _starts(follow(NewEvent(kind), case={"status": status, "claimed_by": "C330100/li.na"})) == []


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (EventKind.REOPENED, "ACCEPTED"),
        (EventKind.UNMERGED, "FORWARDED"),
        (EventKind.UNMERGED, "AWAITING_SUPPLEMENT"),
        (EventKind.NOTE, "RECEIVED"),
        (EventKind.RELEASED, "CLOSED"),
    ],
)
def test_what_waits_for_somebody_else_is_not(follow: Follow, kind: EventKind, status: str) -> None:
    assert _starts(follow(NewEvent(kind), case={"status": status})) == []


def test_a_claim_ends_the_deadline_in_time(follow: Follow) -> None:
    columns = {"claimed_by": "C330100/li.na"}
    planned = follow(NewEvent(EventKind.CLAIMED), case={}, columns=columns)
    assert planned.outcomes == {DeadlineKind.CLAIM: MET}
    assert _starts(planned) == []


def test_another_bureau_has_time_of_its_own(follow: Follow) -> None:
    columns: dict[str, Any] = {"handling_bureau": "C330200", "claimed_by": None}
    planned = follow(NewEvent(EventKind.REASSIGNED), case={"claimed_by": "C330100/li.na"}, columns=columns)
    assert _starts(planned) == [DeadlineKind.CLAIM]
    assert planned.outcomes == {DeadlineKind.CLAIM: MOOT}


def test_no_ended_case_waits_for_anybody() -> None:
    for statuses in CONSUMER_COMPLAINTS.awaiting_officer.values():
        assert statuses
        assert statuses <= set(Status) - ENDED
