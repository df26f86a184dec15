"""Costs of a measurement: processor time of each process and of Postgres; WAL, rows and index entries; for each case.

A rate depends on the other load of the machine; processor time for each case hardly does.

Rows and index entries are counted from the records of the WAL between two moments, so they are what was written, in partial
indexes and catalogues, too. Unlogged tables (the guard of waybills) write no WAL and are not counted.
"""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from bench.report import Line
from bench.stack import Stack

_TICKS = os.sysconf("SC_CLK_TCK")
READER = "CREATE EXTENSION IF NOT EXISTS pg_walinspect"
POSITION = "SELECT pg_current_wal_insert_lsn() - '0/0' AS bytes"
FLUSHED = "SELECT pg_current_wal_flush_lsn() - '0/0' AS bytes"
RECORDS = """
    SELECT "resource_manager/record_type" AS kind, count
    FROM pg_get_wal_stats('0/0'::pg_lsn + $1::numeric, '0/0'::pg_lsn + $2::numeric, true) WHERE count > 0
"""
_WRITTEN = {
    "rows inserted": ("Heap/INSERT", "Heap/INSERT+INIT"),
    "rows updated": ("Heap/UPDATE", "Heap/UPDATE+INIT", "Heap/HOT_UPDATE"),
    "of them without index entries (HOT)": ("Heap/HOT_UPDATE",),
    "rows deleted": ("Heap/DELETE",),
    # an entry that splits its leaf has no record of its own, but the split adds an entry to the page above
    "index entries": ("Btree/INSERT_LEAF", "Btree/INSERT_POST", "Btree/INSERT_UPPER", "Btree/NEWROOT"),
}
"""What is counted, by the kinds of its WAL records. COPY writes other records (MULTI_INSERT): its rows are not counted."""
POSTGRES = "Postgres"
OWN = "the calling process"
"""The name of this process, where it does the measured work itself."""
_SETTLED = 0.3
"""The WAL writer flushes within this many seconds."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of processor time by process, since their start, and the position in the WAL."""

    seconds: Mapping[str, float]
    wal: int


def read(stack: Stack, names: Sequence[str]) -> Costs:
    """Read the usage of the services and of Postgres, each with all its processes, including ended ones."""
    postgres = stack.servers.postgres
    assert postgres is not None and postgres.process is not None  # noqa: PT018 - benchmarks run on embedded servers
    wal = int(stack.query(POSITION)[0]["bytes"])
    seconds = {
        name: _seconds(os.getpid()) if name == OWN else _with_children(stack.pid(name)) for name in names
    }
    seconds[POSTGRES] = _with_children(postgres.process.pid)
    return Costs(seconds, wal)


class Meter:
    """Measures from its creation what the named services and Postgres spend."""

    def __init__(self, stack: Stack, *names: str) -> None:
        self._stack = stack
        self._names = names
        self._before = read(stack, names)

    def of_cases(self, cases: int, what: str) -> list[Line]:
        """Return the costs of one case until now: microseconds of each process, bytes of WAL, rows and index entries."""
        after = read(self._stack, self._names)
        wal = Line(f"{what}: WAL", (after.wal - self._before.wal) / cases, "bytes/case")
        counts = written(_records(self._stack, self._before.wal, after.wal))
        rows = [Line(f"{what}: {name}", count / cases, "/case") for name, count in counts.items()]
        return [*_processors(self._before, after, cases, what, "case"), wal, *rows]

    def of_reads(self, requests: int, what: str) -> list[Line]:
        """Return the costs of one request that writes nothing: microseconds of each process."""
        return _processors(self._before, read(self._stack, self._names), requests, what, "request")


def written(records: Mapping[str, int]) -> dict[str, int]:
    """Return rows and index entries by the counts of the kinds of WAL records; nothing where there are no records."""
    if not records:
        return {}
    return {name: sum(records.get(kind, 0) for kind in kinds) for name, kinds in _WRITTEN.items()}


def settle(stack: Stack, drained: str, seconds: float = 120) -> None:
    """Wait until the worker has no task left."""
    stack.wait(lambda: bool(stack.query(drained)[0][0]), "nothing left to do", seconds=seconds, every=0.1)
    time.sleep(0.2)


def _processors(before: Costs, after: Costs, count: int, what: str, unit: str) -> list[Line]:
    return [
        Line(f"{what}: processor time of {name}", (spent - before.seconds[name]) / count * 1e6, f"µs/{unit}")
        for name, spent in after.seconds.items()
    ]


def _records(stack: Stack, begin: int, end: int) -> dict[str, int]:
    """Return how many WAL records of each kind were written; none if the server has recycled the beginning."""
    time.sleep(_SETTLED)
    flushed = int(stack.query(FLUSHED)[0]["bytes"])
    stack.execute(READER)
    try:
        return {row["kind"]: row["count"] for row in stack.query(RECORDS, begin, min(end, flushed))}
    except asyncpg.PostgresError:
        return {}


def _with_children(pid: int) -> float:
    """Return the processor time of a process and of its children, including ended ones."""
    return _seconds(pid, ended=True) + sum(_seconds(child) for child in _children(pid))


def _children(pid: int) -> list[int]:
    return [
        int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    ]


def _seconds(pid: int, *, ended: bool = False) -> float:
    """Return the processor time of a process; `ended`: plus that of its ended children. Zero if it does not exist."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    times = fields[11:15] if ended else fields[11:13]
    return sum(map(int, times)) / _TICKS
