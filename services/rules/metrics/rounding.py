"""Arithmetic of figures: exact (integers and fractions, never floats), rounded once, half up, as the circulars do."""

from decimal import Decimal
from fractions import Fraction

_FEN_PER_WAN_YUAN = 1_000_000


def round_half_up(value: Decimal | Fraction | int, places: int) -> Decimal:
    """Round to `places` decimals, halves away from zero; the result shows exactly that many."""
    scaled = abs(Fraction(value)) * 10**places
    quotient, remainder = divmod(scaled.numerator, scaled.denominator)
    if 2 * remainder >= scaled.denominator:
        quotient += 1
    sign = "-" if value < 0 and quotient else ""
    return Decimal(f"{sign}{quotient}E-{places}")


def share(n: int, total: int, places: int = 1) -> Decimal | None:
    """Return `n` in percent of `total`; None where the total is 0. Circulars of 2023 show 2 places."""
    return round_half_up(Fraction(100 * n, total), places) if total else None


def change(now: int, before: int | None, places: int = 1) -> Decimal | None:
    """Return the change in percent from `before` to `now`; None where there was nothing to change from."""
    return round_half_up(Fraction(100 * (now - before), before), places) if before else None


def satisfaction(satisfied: int, valid: int, places: int = 1) -> Decimal | None:
    """Return the satisfied in percent of the valid closed cases; None where there are none.

    Rulebook 6 [V3 S13]. How the circulars count users whom no call reached is not documented: here they stay among
    the valid.
    """
    return share(satisfied, valid, places)


def recovered_wan_yuan(fen: int, places: int = 1) -> Decimal:
    """Return money recovered for users (挽回经济损失) in 万元. Rulebook 6 [V2 S11 S14]."""
    return round_half_up(Fraction(fen, _FEN_PER_WAN_YUAN), places)
