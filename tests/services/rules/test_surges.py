"""When a week stands out from the eight before: golden examples, and that more cases never stand out less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules import surges
from services.rules.surges import SurgeRules

RULES = SurgeRules()


@pytest.mark.parametrize(
    ("cases", "before", "stands_out"),
    [
        # an even past: anything above it, from ten on
        (10, [2] * 8, True),
        (9, [2] * 8, False),
        (10, [10] * 8, False),
        (11, [10] * 8, True),
        # mean 6, deviation 2: more than twelve
        (12, [4, 8] * 4, False),
        (13, [4, 8] * 4, True),
        # one wild week: mean 5, deviation 13.2…
        (44, [40, 0, 0, 0, 0, 0, 0, 0], False),
        (45, [40, 0, 0, 0, 0, 0, 0, 0], True),
        # weeks without a complaint are weeks, too
        (10, [], True),
        (45, [40], True),
        (44, [40], False),
    ],
)
def test_a_week_against_the_weeks_before(cases: int, before: list[int], stands_out: bool) -> None:  # noqa: FBT001 - a column of the table
    assert surges.compare(cases, before, RULES).stands_out is stands_out


@given(st.integers(0, 200), st.lists(st.integers(0, 200), max_size=8))
def test_more_cases_never_stand_out_less(cases: int, before: list[int]) -> None:
    fewer, more = surges.compare(cases, before, RULES), surges.compare(cases + 1, before, RULES)
    assert more.stands_out >= fewer.stands_out
    assert (fewer.mean, fewer.deviation) == (more.mean, more.deviation)


def test_users_and_provinces() -> None:
    assert [surges.users_stand_out(users, RULES) for users in (4, 5)] == [False, True]
    assert [surges.is_stoppage(provinces, RULES) for provinces in (2, 3)] == [False, True]
