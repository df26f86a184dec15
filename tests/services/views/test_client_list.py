"""Lists of cases: pages neither skip nor repeat, filters narrow, cursors are checked."""

import base64
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from services.intake.preparation import IntakeContext, Prepared
from services.requests.cursors import CursorError
from shared import serialisation
from shared.vocabulary import Level, Status
from tests.services.views.conftest import SAME

Prepare = Callable[..., Prepared]


Store = Callable[[Sequence[Prepared]], list[str]]


Run = Callable[[Coroutine[Any, Any, Any]], Any]


SOME_ID = "0199c2b4-0000-7000-8000-000000000000"


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 10, 11])
def test_pages_neither_skip_nor_repeat_where_moments_are_equal(
    limit: int, prepare: Prepare, store: Store, page: Callable[..., dict[str, Any]], then: IntakeContext
) -> None:
    moments = [SAME] * 7 + [
        "2026-11-20T10:00:01+08:00",
        "2026-11-20T09:59:59.999999+08:00",
        "2026-11-19T10:00:00Z",
    ]
    numbers = store([prepare(received_at=moment, of=then) for moment in moments])
    seen: list[dict[str, Any]] = []
    cursor: str | None = None
    for _ in range(len(numbers) // limit + 1):
        cases = page(limit=limit, cursor=cursor)
        seen += cases["items"]
        cursor = cases["next"]
        if cursor is None:
            break
    assert cursor is None
    assert sorted(item["number"] for item in seen) == sorted(numbers)
    received = [item["received_at"] for item in seen]
    assert received == sorted(received, reverse=True)


def test_what_comes_meanwhile_moves_no_page(
    prepare: Prepare, store: Store, page: Callable[..., dict[str, Any]], then: IntakeContext
) -> None:
    store([prepare(received_at=SAME, of=then) for _ in range(4)])
    first = page(limit=2)
    store([prepare(received_at="2026-11-21T10:00:00+08:00", of=then)])
    second = page(limit=2, cursor=first["next"])
    assert len({item["number"] for item in first["items"] + second["items"]}) == 4
    assert second["next"] is None


def test_a_list_is_narrowed(
    prepare: Prepare, store: Store, page: Callable[..., dict[str, Any]], route_all: Callable[[], int]
) -> None:
    plain, urgent, nowhere, waiting = store(
        [
            prepare(external_ref="r-1"),
            prepare(urgency=["DEATH"]),
            prepare(addressee=None),
            prepare(addressee={"region_code": "310101"}, enterprise_complaint=None),
        ]
    )
    route_all()

    def _found(**filters: Any) -> set[str]:
        return {item["number"] for item in page(**filters)["items"]}

    assert _found(external_ref="r-1") == {plain}
    assert _found(level=Level.CRITICAL) == {urgent}
    assert _found(triage=True) == {nowhere}
    assert _found(triage=False) == {plain, urgent, waiting}
    assert _found(status=Status.RECEIVED) == {nowhere, waiting}
    assert _found(bureau="C330100") == {plain, urgent}
    assert _found(bureau="C330100", level=Level.NORMAL, status=Status.FORWARDED) == {plain}
    assert _found(external_ref="r") == set()


def _forged(*parts: object) -> str:
    return base64.urlsafe_b64encode(serialisation.to_bytes(parts)).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "杭州",
        "AAAA",
        _forged(),
        _forged(1, 2),
        _forged(SAME),
        _forged(SAME, "x"),
        _forged(SAME, SOME_ID, 1),
        _forged("2026-11-20T10:00:00", SOME_ID),
        _forged("0001-01-01T00:00:00+14:00", SOME_ID),
    ],
)
def test_a_cursor_of_somebody_else_is_refused(cursor: str, page: Callable[..., Any]) -> None:
    with pytest.raises(CursorError):
        page(cursor=cursor)
