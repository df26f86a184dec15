"""Letting the enterprise see a file: an officer decides each time, once, and of the case's own files only."""

from collections.abc import Callable
from typing import Any

import pytest

from services.evidence.sides import Side
from services.evidence.store import Added
from shared.errors import NotFoundError
from tests.services.evidence.samples import picture

Make = Callable[..., str]
Add = Callable[..., Added]
Act = Callable[..., Any]
Seen = Callable[..., list[str]]


def test_a_file_is_shared_once_and_the_enterprise_hears_of_it(
    forwarded: Make,
    add: Add,
    filer: Side,
    carrier: Callable[..., Side],
    seen: Seen,
    act: Act,
    events_of: Callable[[str], Any],
    ask: Callable[..., list[Any]],
) -> None:
    number = forwarded()
    added, other = add(number, filer, picture(1), name="a.jpg"), add(number, filer, picture(2), name="b.jpg")
    assert seen(number, carrier()) == []
    for _ in range(2):
        act(number, "share-evidence", evidence=str(added.row.id))
    assert seen(number, carrier()) == ["a.jpg"]
    shared = [event for event in events_of(number) if event.kind == "EVIDENCE_SHARED"]
    assert [event.data for event in shared] == [{"evidence": str(added.row.id)}]
    [entry] = ask("SELECT audience FROM feed_entry WHERE type = 'case.evidence_added'")
    assert entry.audience == "carrier:ZTO"
    assert other.row.id != added.row.id


def test_a_file_of_another_case_is_not_there(
    forwarded: Make, add: Add, filer: Side, act: Act, carrier: Callable[..., Side], seen: Seen
) -> None:
    number, another = forwarded(), forwarded()
    added = add(another, filer, picture(1))
    with pytest.raises(NotFoundError):
        act(number, "share-evidence", evidence=str(added.row.id))
    assert seen(another, carrier()) == []


def test_a_file_that_came_with_a_merged_case_is_shared_with_the_one_that_goes_on(
    forwarded: Make, received: Make, add: Add, filer: Side, act: Act, carrier: Callable[..., Side], seen: Seen
) -> None:
    parent, child = forwarded(), received()
    added = add(child, filer, picture(1), name="a.jpg")
    act(child, "merge", into=parent, reason="同一事项")
    act(parent, "share-evidence", evidence=str(added.row.id))
    assert seen(parent, carrier()) == ["a.jpg"]
