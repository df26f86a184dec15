"""History of one year with known counts: some cells of month, province, carrier and issue have a planted number.

The year is in order of receipt, as an older system exports it. Everything follows from the number of complaints: each part
can be made by itself, and the planted cells are the only ones of their carrier and issue.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from bench import filings

YEAR = filings.YEAR
PART = 1_000
_PAIRS = 4
_CELLS_OF_A_MONTH = 2
_SHARE = 20
"""One complaint of so many is planted."""
_DAY = 86_400
_DAYS = [date(YEAR, 1, 1) + timedelta(days=place) for place in range(366)]
_SECONDS = len(_DAYS) * _DAY


@dataclass(frozen=True, slots=True)
class Cell:
    """A planted cell: how many complaints of a carrier and an issue were received, and closed, in a month in a province."""

    month: int
    province: str
    carrier: str
    issue: str
    count: int


def _first_serial(month: int, total: int) -> int:
    """Return the serial of the first complaint that is received in a month; 13: the number of all."""
    return -(-total * _start_of(month) // _SECONDS)


def _start_of(month: int) -> int:
    """Return the second of the year at which a month begins; 13: at which the year ends."""
    return (date(YEAR + month // 13, (month - 1) % 12 + 1, 1) - _DAYS[0]).days * _DAY


def received_in(month: int, total: int) -> int:
    """Return how many of `total` complaints are received in a month (1 to 12)."""
    return _first_serial(month + 1, total) - _first_serial(month, total)


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """Return the carriers and issues that only planted complaints have together."""
    _, issues = filings.codes()
    rng = random.Random(YEAR)  # noqa: S311 - repeatable, not secret
    return tuple(zip(rng.sample(filings.CARRIERS, _PAIRS), rng.choices(issues, k=_PAIRS), strict=True))


@cache
def cells(total: int) -> tuple[Cell, ...]:
    """Return the planted cells among `total` complaints, in the order of their months."""
    regions, _ = filings.codes()
    provinces = sorted({f"{region[:2]}0000" for region in regions})
    rng = random.Random(total)  # noqa: S311 - repeatable, not secret
    planted = []
    for month in range(1, 13):
        usual = received_in(month, total) // (_SHARE * _CELLS_OF_A_MONTH)
        for carrier, issue in rng.sample(pairs(), _CELLS_OF_A_MONTH):
            count = rng.randint(usual // 2, usual + usual // 2)
            planted.append(Cell(month, rng.choice(provinces), carrier, issue, count))
    return tuple(planted)


@dataclass(frozen=True, slots=True)
class _Month:
    """The serials of a month, and the cells that are spread evenly over them."""

    first: int
    after: int
    cells: tuple[Cell, ...]

    def cell_of(self, serial: int) -> Cell | None:
        """Return the cell of a complaint of this month; None if it is not planted."""
        planted, size = sum(cell.count for cell in self.cells), self.after - self.first
        place = (serial - self.first) * planted // size
        if place == (serial - self.first + 1) * planted // size:
            return None
        for cell in self.cells:
            if place < cell.count:
                return cell
            place -= cell.count
        return None


@cache
def _months(total: int) -> tuple[_Month, ...]:
    return tuple(
        _Month(
            _first_serial(month, total),
            _first_serial(month + 1, total),
            tuple(cell for cell in cells(total) if cell.month == month),
        )
        for month in range(1, 13)
    )


def cell_of(serial: int, total: int) -> Cell | None:
    """Return the planted cell of a complaint; None for all others."""
    second = serial * _SECONDS // total
    return _months(total)[_DAYS[second // _DAY].month - 1].cell_of(serial)


def part(place: int, total: int) -> bytes:
    """Return a part of the year as NDJSON: up to 1,000 closed complaints, in order of receipt."""
    rng = random.Random(place)  # noqa: S311 - repeatable, not secret
    serials = range(place * PART, min(total, (place + 1) * PART))
    return b"\n".join(_row(serial, total, rng) for serial in serials)


def _row(serial: int, total: int, rng: random.Random) -> bytes:
    regions, _ = filings.codes()
    cell, second = cell_of(serial, total), serial * _SECONDS // total
    carrier, issue = (cell.carrier, cell.issue) if cell else rng.choice(_other_pairs())
    # the place of the dispute comes first among the places: it decides the province, whatever the issue
    place = _DISPUTE % rng.choice(_regions_of(cell.province)) if cell else ""
    closed = min(second + rng.randrange(_DAY, 29 * _DAY), (_end_of_month(second) if cell else _SECONDS) - 1)
    received = _moment(second)
    waybill = filings.WAYBILLS[carrier].format(serial)
    return (
        f'{{"external_ref":"old-{serial}","channel":"PHONE_12305","business":"EXPRESS","carrier_code":"{carrier}",'
        f'"issue_code":"{issue}","received_at":"{received}","complainant":{{"name":"申诉人{serial}",'
        f'"phone":"13{serial:09d}","role":"ADDRESSEE"}},"sender":{{"region_code":"{rng.choice(regions)}",'
        f'"name":"寄件人","phone":"15{serial:09d}"}},"addressee":{{"region_code":"{rng.choice(regions)}",'
        f'"address":"解放路{serial}号3单元502室"}},{place}"item":{{"waybill":"{waybill}",'
        f'"declared_value_fen":{rng.randrange(100_000)}}},"cause":"{rng.choice(filings.TEXTS)}（{serial}）",'
        f'"request":"请企业说明情况、赔偿损失并道歉。","requested_fen":{rng.randrange(50_000)},'
        f'"enterprise_complaint":{{"outcome":"DISSATISFIED"}},"outcome":{{"accepted_at":"{received}",'
        f'"closed_at":"{_moment(closed)}","close_reason":"SETTLED",'
        f'"responsibility":"{"NONE" if rng.random() < 0.8 else "ENTERPRISE"}",'
        f'"satisfied_administration":true,"satisfied_enterprise":true,"recovered_fen":{rng.randrange(20_000)}}}}}'
    ).encode()


_DISPUTE = '"dispute":{"region_code":"%s"},'


def _moment(second: int) -> str:
    """Return a moment by the second of the civil year."""
    day, rest = divmod(second, _DAY)
    return f"{_DAYS[day]}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}+08:00"


def _end_of_month(second: int) -> int:
    return _start_of(_DAYS[second // _DAY].month + 1)


@cache
def _other_pairs() -> tuple[tuple[str, str], ...]:
    _, issues = filings.codes()
    return tuple(
        (carrier, issue)
        for carrier in filings.CARRIERS
        for issue in issues
        if (carrier, issue) not in pairs()
    )


@cache
def _regions_of(province: str) -> tuple[str, ...]:
    regions, _ = filings.codes()
    return tuple(region for region in regions if region[:2] == province[:2])
