"""Published figures come out to the digit (golden figures of rulebook 7), and rounding is exact."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.metrics import rounding

# G1: valid cases of 2013-06 with their published shares
EXPRESS_2013_06 = [
    (5273, "41.7"),
    (3655, "28.9"),
    (1743, "13.8"),
    (1059, "8.4"),
    (438, "3.5"),
    (248, "2.0"),
    (199, "1.6"),
    (19, "0.2"),
]
POSTAL_2013_06 = [
    (118, "44.9"),
    (76, "28.9"),
    (31, "11.8"),
    (21, "8.0"),
    (13, "4.9"),
    (2, "0.8"),
    (2, "0.8"),
]

# G2: total, postal, express, valid, valid postal, valid express
FEBRUARY = (18715, 711, 18004, 2026, 62, 1964)
MARCH = (26605, 727, 25878, 2554, 58, 2496)
APRIL = (18253, 489, 17764, 1500, 37, 1463)


@pytest.mark.parametrize(("table", "total"), [(EXPRESS_2013_06, 12634), (POSTAL_2013_06, 263)])
def test_shares_of_2013_06(table: list[tuple[int, str]], total: int) -> None:
    assert sum(n for n, _ in table) == total
    for n, published in table:
        assert str(rounding.share(n, total)) == published


def test_rounded_shares_need_not_sum_to_100() -> None:
    shares = [rounding.share(n, 12634) or Decimal(0) for n, _ in EXPRESS_2013_06]
    assert sum(shares) == Decimal("100.1")
    # the bulletin's "first three" is the sum of the rounded shares, not the rounded sum
    assert sum(shares[:3]) == Decimal("84.4")
    assert rounding.share(5273 + 3655 + 1743, 12634) == Decimal("84.5")


@pytest.mark.parametrize(("now", "before", "published"), [(12634, 14111, "-10.5"), (263, 346, "-24.0")])
def test_changes_of_2013_06(now: int, before: int, published: str) -> None:
    assert str(rounding.change(now, before)) == published


@pytest.mark.parametrize(
    ("now", "before", "published"),
    [
        (MARCH, FEBRUARY, ("42.2", "2.3", "43.7", "26.1", "-6.5", "27.1")),
        (APRIL, MARCH, ("-31.4", "-32.7", "-31.4", "-41.3", "-36.2", "-41.4")),
    ],
)
def test_month_on_month_of_2021(
    now: tuple[int, ...], before: tuple[int, ...], published: tuple[str, ...]
) -> None:
    computed = [str(rounding.change(a, b)) for a, b in zip(now, before, strict=True)]
    assert computed == list(published)


@pytest.mark.parametrize(
    ("month", "published"),
    [(FEBRUARY, ("3.8", "96.2", "3.1", "96.9")), (MARCH, ("2.7", "97.3", "2.3", "97.7"))],
)
def test_shares_of_2021(month: tuple[int, ...], published: tuple[str, ...]) -> None:
    total, postal, express, valid, valid_postal, valid_express = month
    parts = [(postal, total), (express, total), (valid_postal, valid), (valid_express, valid)]
    assert tuple(str(rounding.share(n, of)) for n, of in parts) == published


@pytest.mark.parametrize(
    ("satisfied", "valid", "published"),
    [
        (2498, 2554, "97.8"),
        (54, 58, "93.1"),
        (2396, 2496, "96.0"),
        (1979, 2026, "97.7"),
        (59, 62, "95.2"),
        (1893, 1964, "96.4"),
    ],
)
def test_satisfaction_of_2021(satisfied: int, valid: int, published: str) -> None:
    assert str(rounding.satisfaction(satisfied, valid)) == published


def test_the_year_2021_of_the_founding_interview() -> None:
    assert 9_675 + 292_005 == 301_680
    assert str(rounding.share(9_675, 301_680)) == "3.2"
    assert str(rounding.share(292_005, 301_680)) == "96.8"


@pytest.mark.parametrize(
    ("fen", "wan_yuan"),
    [(0, "0.0"), (744_500_000, "744.5"), (50_000, "0.1"), (49_999, "0.0"), (12 * 10**9, "12000.0")],
)
def test_money_recovered_in_wan_yuan(fen: int, wan_yuan: str) -> None:
    assert str(rounding.recovered_wan_yuan(fen)) == wan_yuan


@pytest.mark.parametrize("before", [0, None])
def test_there_is_no_change_from_nothing(before: int | None) -> None:
    assert rounding.change(5, before) is None


def test_there_is_no_part_of_nothing() -> None:
    assert rounding.share(0, 0) is None
    assert rounding.satisfaction(0, 0) is None


def test_shares_of_2023_show_two_places() -> None:
    assert str(rounding.share(794, 10_000, places=2)) == "7.94"


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Decimal("0.25"), 1, "0.3"),
        (Decimal("-0.04"), 1, "0.0"),
        (Decimal("2.5"), 0, "3"),
        (7, 1, "7.0"),
    ],
)
def test_halves_are_rounded_up(value: Decimal | Fraction | int, places: int, rounded: str) -> None:
    assert str(rounding.round_half_up(value, places)) == rounded


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6), st.integers(0, 4))
def test_rounding_is_that_of_decimal(value: Decimal, places: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert rounding.round_half_up(value, places) == expected


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_a_share_lies_within_half_a_unit_of_the_truth(n: int, total: int) -> None:
    rounded = rounding.share(n, total)
    assert rounded is not None
    assert abs(Fraction(rounded) - Fraction(100 * n, total)) <= Fraction(1, 20)
