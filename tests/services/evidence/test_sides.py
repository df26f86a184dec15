"""Each side of a case hands in and sees what is its own to see: the client, the officer, the enterprise, and nobody else."""

from collections.abc import Callable
from typing import Any

import pytest

from services.casework.session import NotYourCaseError
from services.casework.supplement import CaseEndedError
from services.evidence import holdings, sides
from services.evidence.sides import Side
from services.evidence.store import Added
from services.intake.preparation import IntakeContext
from shared.errors import NotFoundError
from tests.services.evidence.samples import picture

Make = Callable[..., str]
Ask = Callable[..., list[Any]]
Add = Callable[..., Added]
Who = Callable[..., Side]


def test_each_side_sees_its_own_an_enterprise_what_is_shared_an_officer_all(
    forwarded: Make,
    add: Add,
    filer: Side,
    officer: Who,
    carrier: Who,
    seen: Callable[..., list[str]],
    take_out: Callable[..., holdings.File],
    act: Any,
    new_context: Callable[..., IntakeContext],
    ask: Ask,
) -> None:
    number = forwarded()
    mine = add(number, filer, picture(1), name="user.jpg")
    secret = add(number, officer(), picture(2), name="note.jpg")
    add(number, officer(), picture(3), name="order.jpg", shared=True)
    add(number, carrier(), picture(4), name="reply.jpg")
    everything = ["user.jpg", "note.jpg", "order.jpg", "reply.jpg"]
    assert seen(number, officer()) == everything
    assert seen(number, officer("P330000")) == everything
    assert seen(number, filer) == ["user.jpg"]
    assert seen(number, carrier()) == ["order.jpg", "reply.jpg"]
    for side in (filer, carrier()):
        with pytest.raises(NotFoundError):
            take_out(number, side, secret)
    with pytest.raises(NotFoundError):
        take_out(number, carrier(), mine)
    # an officer lets the enterprise see the user's photograph
    act(number, "share-evidence", evidence=str(mine.row.id))
    act(number, "share-evidence", evidence=str(mine.row.id))
    assert seen(number, carrier()) == ["user.jpg", "order.jpg", "reply.jpg"]
    assert take_out(number, carrier(), mine).content == picture(1)
    query = ask("SELECT audience, data FROM feed_entry WHERE type = 'case.evidence_added' ORDER BY seq")
    # it is told of what it may see, once
    assert [row.audience for row in query] == ["carrier:ZTO"] * 2
    assert query[1].data["evidence"] == str(mine.row.id)
    strangers = (
        carrier("YTO"),
        officer("C440100"),
        sides.of_filer(new_context("complaint:write", "complaint:read:all").caller),
    )
    for stranger in strangers:
        with pytest.raises(NotFoundError):
            seen(number, stranger)
        with pytest.raises(NotFoundError):
            take_out(number, stranger, mine)
        with pytest.raises(NotFoundError):
            add(number, stranger, picture(5))


def test_what_comes_for_a_merged_case_goes_to_the_one_that_goes_on(
    forwarded: Make,
    add: Add,
    filer: Side,
    officer: Who,
    carrier: Who,
    act: Any,
    seen: Callable[..., list[str]],
) -> None:
    child, parent = forwarded(), forwarded()
    add(child, filer, picture(1), name="before.jpg")
    act(child, "merge", into=parent, reason="同一快件")
    added = add(child, filer, picture(2), name="after.jpg")
    assert added.number == parent
    assert add(child, carrier(), picture(3), name="reply.jpg").number == parent
    assert seen(parent, officer()) == ["before.jpg", "after.jpg", "reply.jpg"]
    assert seen(child, filer) == ["before.jpg", "after.jpg"]
    assert seen(child, carrier()) == ["reply.jpg"]
    act(child, "unmerge", reason="不是同一快件")
    assert seen(child, officer()) == ["before.jpg"]
    assert seen(parent, officer()) == ["after.jpg", "reply.jpg"]


@pytest.fixture
def nameless(received: Make, ask: Ask) -> Make:
    """Return a function that makes a case which names no enterprise, as some of a hotline's orders do."""

    def _nameless() -> str:
        number = received()
        ask("UPDATE complaint SET carrier_code = '' WHERE number = :number", number=number)
        return number

    return _nameless


def test_an_enterprise_reaches_no_case_of_another_over_a_merge(
    forwarded: Make,
    nameless: Make,
    add: Add,
    filer: Side,
    carrier: Who,
    act: Any,
    seen: Callable[..., list[str]],
    ask: Ask,
) -> None:
    child, parent = forwarded(), nameless()
    add(child, carrier(), picture(1), name="before.jpg")
    act(child, "merge", into=parent, reason="同一快件")
    act(parent, "accept", forward=False)
    for forwarded_to in (None, "YTO"):
        if forwarded_to is not None:
            act(parent, "forward", carrier_code=forwarded_to)
        with pytest.raises(CaseEndedError) as refused:
            add(child, carrier(), picture(2))
        assert parent not in str(refused.value)
        # it still sees what it handed in; whoever filed is told of the case that goes on, as ever
        assert seen(child, carrier()) == ["before.jpg"]
    assert ask("SELECT count(*) FROM evidence")[0][0] == 1
    assert seen(parent, carrier("YTO")) == []
    assert add(child, filer, picture(3)).number == parent


def test_an_enterprise_follows_a_merge_into_a_case_that_went_to_it(
    forwarded: Make, nameless: Make, add: Add, carrier: Who, act: Any, seen: Callable[..., list[str]]
) -> None:
    child, parent = forwarded(), nameless()
    act(child, "merge", into=parent, reason="同一快件")
    act(parent, "accept", forward=False)
    act(parent, "forward", carrier_code="ZTO")
    assert add(child, carrier(), picture(1), name="reply.jpg").number == parent
    assert seen(child, carrier()) == seen(parent, carrier()) == ["reply.jpg"]


def test_a_case_that_ended_takes_files_of_officers_only(
    forwarded: Make, add: Add, filer: Side, officer: Who, carrier: Who, act: Any
) -> None:
    number = forwarded()
    act(number, "withdraw", reason="用户来电撤回")
    for side in (filer, carrier()):
        with pytest.raises(CaseEndedError):
            add(number, side, picture(1))
    assert not add(number, officer(), picture(1)).before


def test_a_bureau_that_only_got_a_copy_adds_nothing(
    forwarded: Make, add: Add, officer: Who, seen: Callable[..., list[str]], ask: Ask
) -> None:
    number = forwarded()
    ask("UPDATE complaint SET copied_to = '{P340000}'")
    assert seen(number, officer("P340000")) == []
    with pytest.raises(NotYourCaseError):
        add(number, officer("P340000"), picture(1))
    assert not add(number, officer("N000000"), picture(1)).before
