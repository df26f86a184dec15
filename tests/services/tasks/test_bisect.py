"""One run for many: whoever is at fault is found by halving, and fails alone; nobody is when the database is away."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from services.tasks import bisect
from shared.errors import NotFoundError


@pytest.fixture
def halve(run: Callable[[Any], Any]) -> Callable[..., tuple[list[int], list[int], int]]:
    """Return a function that runs numbers of which some fail; returns which were done, which failed, how many runs."""

    def _halve(many: Sequence[int], bad: dict[int, Exception]) -> tuple[list[int], list[int], int]:
        done: list[int] = []
        failed: list[int] = []
        runs = 0

        async def _together(some: Sequence[int]) -> None:
            nonlocal runs
            runs += 1
            for item in some:
                if item in bad:
                    raise bad[item]
            done.extend(some)

        async def _at_fault(item: int, error: Exception) -> None:
            assert error is bad[item]
            failed.append(item)

        run(bisect.run(_together, many, _at_fault))
        return done, failed, runs

    return _halve


def test_what_is_sound_is_one_run(halve: Callable[..., Any]) -> None:
    assert halve(range(100), {}) == (list(range(100)), [], 1)


@pytest.mark.parametrize("place", [0, 1, 49, 99])
def test_the_one_at_fault_fails_alone_wherever_it_stands(place: int, halve: Callable[..., Any]) -> None:
    done, failed, runs = halve(range(100), {place: ValueError("poison")})
    assert (done, failed) == ([number for number in range(100) if number != place], [place])
    # halving, not one by one
    assert runs <= 15


def test_several_at_fault_each_fail(halve: Callable[..., Any]) -> None:
    bad: dict[int, Exception] = {3: KeyError("x"), 4: NotFoundError("x"), 9: AssertionError()}
    assert halve(range(10), bad)[:2] == ([0, 1, 2, 5, 6, 7, 8], [3, 4, 9])
    assert halve([7], {7: TypeError()})[:2] == ([], [7])


@pytest.mark.parametrize(
    "error",
    [
        DBAPIError("SELECT", {}, ConnectionRefusedError(), connection_invalidated=True),
        asyncio.CancelledError(),
        MemoryError(),
    ],
)
def test_nobody_is_at_fault_for_what_befalls_all(error: BaseException, run: Callable[[Any], Any]) -> None:
    tried: list[int] = []

    async def _together(some: Sequence[int]) -> None:
        tried.extend(some)
        raise error

    async def _at_fault(item: int, _error: Exception) -> None:
        pytest.fail(f"{item} was blamed")

    with pytest.raises(type(error)):
        run(bisect.run(_together, [1, 2], _at_fault))
    assert tried == [1, 2]
