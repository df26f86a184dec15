"""Who outside hears of what: nothing internal leaves, and of deadlines the enterprise hears of its own only."""

import pytest

from services.rules.notices import MOVED_ON, TO_CARRIER, TO_HOTLINE, Message
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind

INTERNAL = {
    EventKind.NOTE,
    EventKind.CLAIMED,
    EventKind.RELEASED,
    EventKind.DUPLICATE_PROPOSED,
    EventKind.LEVEL_RAISED,
    EventKind.LEVEL_LOWERED,
    EventKind.REASSIGNED,
    EventKind.WAITS_FOR_OFFICER,
    EventKind.VISITED,
}
OFFICERS = {"by", "officer", "note", "claimed_by", "bureau"}


@pytest.mark.parametrize("messages", [TO_CARRIER, TO_HOTLINE], ids=["carrier", "hotline"])
def test_nothing_internal_leaves(messages: dict[EventKind, Message]) -> None:
    assert not INTERNAL & messages.keys()
    for message in messages.values():
        assert not OFFICERS & {*message.shows, *message.words}


def test_a_type_begins_with_its_audiences_word() -> None:
    assert {message.type.partition(".")[0] for message in (*TO_CARRIER.values(), MOVED_ON)} == {"case"}
    assert {message.type.partition(".")[0] for message in TO_HOTLINE.values()} == {"order"}


def test_no_words_go_along_with_a_message_to_the_enterprise() -> None:
    # what is said to the enterprise is read with its case; an answer to the user is not the enterprise's to read
    assert all(message.words == () for message in TO_CARRIER.values())
    assert TO_HOTLINE[EventKind.CLOSED].words == ("answer",)
    assert TO_HOTLINE[EventKind.REFUSED].words == ("reason",)


@pytest.mark.parametrize(
    ("deadline", "concerns"),
    [
        (DeadlineKind.ENTERPRISE_REPLY, True),
        (DeadlineKind.REWORK_REPLY, True),
        (DeadlineKind.TOTAL, False),
        (DeadlineKind.CLAIM, False),
        (None, False),
    ],
)
def test_a_reminder_is_sent_for_the_enterprises_own_deadlines(
    deadline: DeadlineKind | None, *, concerns: bool
) -> None:
    data = {} if deadline is None else {"deadline": deadline}
    assert TO_CARRIER[EventKind.DEADLINE_REMINDER].concerns(data) is concerns
    assert TO_CARRIER[EventKind.FORWARDED].concerns(data)
