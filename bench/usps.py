"""10.7 million complaints of one year, the order of the yearly count of the USPS: imported, placed, counted, read.

Two intake processes share the import: one alone leaves half of the second core idle.

Takes an hour or so, and only runs if it is named; `--complaints 1000000` takes fewer.
"""

import subprocess
import sys
import time
from collections.abc import Hashable, Mapping
from typing import TypeVar

from bench import circular, costs, planted, report, year
from bench.planted import Cell
from bench.report import Line
from bench.stack import ANALYTICS, INTAKE, ROOT, TWO_INTAKES, WORKER, Stack, running

COUNT = 10_700_000
KeyT = TypeVar("KeyT", bound=Hashable)
_MOST_SECONDS = 1_800
_LAST_COUNT_SECONDS = 600
_CIRCULAR_ROUNDS = 5
_SIZES = """
    SELECT relname, pg_total_relation_size(oid) AS bytes FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY bytes DESC LIMIT 4
"""
_WHOLE = "SELECT pg_database_size(current_database()) AS bytes"


def measure(total: int = COUNT) -> list[Line]:
    """Measure the whole import, check every planted count by the analytics API, then read circulars.

    Raises RuntimeError if a count is wrong.
    """
    with running(INTAKE, ANALYTICS, WORKER, environment=TWO_INTAKES) as stack:
        meter = costs.Meter(stack, INTAKE, WORKER)
        began = time.perf_counter()
        answered = _send(stack, total)
        stack.wait(
            lambda: year.counted(stack) == total,
            "the year in the figures",
            seconds=_LAST_COUNT_SECONDS,
            every=0.5,
        )
        seconds = time.perf_counter() - began
        spent = meter.of_cases(total, f"{total:,} complaints")
        checked = check(stack, total)
        months = [f"{planted.YEAR}-{month:02d}" for month in range(1, 13)]
        circular.read(stack, months)
        rounds = [circular.read(stack, months) for _ in range(_CIRCULAR_ROUNDS)]
        sizes = [(row["relname"], row["bytes"]) for row in stack.query(_SIZES)]
        whole = stack.query(_WHOLE)[0]["bytes"]
    return [
        Line(
            f"{total:,} complaints of a year in, placed, in the figures; {checked} planted counts exact",
            seconds,
            "s",
            budget=report.at_most(
                _MOST_SECONDS * total / COUNT, f"≤ {_MOST_SECONDS * total / COUNT / 60:.1f} min"
            ),
        ),
        Line("of it: until every part was answered", answered, "s"),
        Line("intake, rows a second", total / answered, "rows/s"),
        Line(f"{COUNT:,} at this rate", seconds * COUNT / total / 60, "min"),
        *spent,
        *circular.percentiles(f"circular at {total:,}", rounds, 15),
        Line("on disk", whole / 1e9, "GB"),
        *(Line(f"of it {name}, with its indexes", bytes_ / 1e9, "GB") for name, bytes_ in sizes),
    ]


def _send(stack: Stack, total: int) -> float:
    """Import the year from another process; return its seconds. Raises RuntimeError if it fails."""
    url, key = stack.url(INTAKE), stack.keys["legacy-import"]
    command = (sys.executable, "-m", "bench.importer", url, key, str(total))
    process = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)  # noqa: S603 - our own module
    if process.returncode:
        raise RuntimeError("the import failed")
    return float(process.stdout)


def check(stack: Stack, total: int) -> int:
    """Compare the counts of months and of planted cells with the analytics API; return how many were compared.

    Raises RuntimeError with the first difference. A planted carrier and issue has no other complaint in the year, so a cell
    more is a difference, too.
    """
    of_year = {"period": "month", "from": f"{planted.YEAR}-01", "to": f"{planted.YEAR}-12"}
    totals = year.volume(stack, **of_year)["totals"]
    months = {month: planted.received_in(month, total) for month in range(1, 13)}
    _same("received", {int(row["period"][-2:]): row["count"] for row in totals}, months)
    compared = len(months)
    for carrier, issue in planted.pairs():
        expected = {
            (cell.month, cell.province): cell.count
            for cell in planted.cells(total)
            if _is_of(cell, carrier, issue)
        }
        for basis in ("received", "closed"):
            rows = year.volume(stack, **of_year, basis=basis, by="province", carrier=carrier, issue=issue)[
                "rows"
            ]
            counts = {(int(row["period"][-2:]), row["province"]): row["count"] for row in rows}
            _same(f"{basis} of {carrier}, {issue}", counts, expected)
            compared += len(expected)
    return compared


def _is_of(cell: Cell, carrier: str, issue: str) -> bool:
    return (cell.carrier, cell.issue) == (carrier, issue) and cell.count > 0


def _same(what: str, counts: Mapping[KeyT, int], expected: Mapping[KeyT, int]) -> None:
    if counts != expected:
        wrong = {key: (counts.get(key), expected.get(key)) for key in counts.keys() | expected.keys()}
        first = next(f"{key}: {got} for {planned}" for key, (got, planned) in wrong.items() if got != planned)
        raise RuntimeError(f"the figures of {what} are wrong: {first}")
