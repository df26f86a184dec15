"""Costs of a measurement: processor time of each process and of Postgres, and bytes of WAL, for each case.

A rate depends on the other load of the machine; processor time for each case hardly does.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.report import Line
from bench.stack import Stack

_TICKS = os.sysconf("SC_CLK_TCK")
_WAL = "SELECT pg_current_wal_insert_lsn() - '0/0' AS bytes"
POSTGRES = "Postgres"


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of processor time by process, and bytes of WAL, since the start of the servers."""

    seconds: dict[str, float]
    wal: int


def read(stack: Stack, names: Sequence[str]) -> Costs:
    """Read the usage of the services, and of Postgres with all its processes, including ended ones."""
    postgres = stack.servers.postgres
    assert postgres is not None and postgres.process is not None  # noqa: PT018 - benchmarks run on embedded servers
    wal = int(stack.query(_WAL)[0]["bytes"])
    seconds = {name: _seconds(stack.pid(name)) for name in names}
    server = postgres.process.pid
    seconds[POSTGRES] = _seconds(server, ended=True) + sum(_seconds(child) for child in _children(server))
    return Costs(seconds, wal)


def lines(before: Costs, after: Costs, cases: int, what: str) -> list[Line]:
    """Return the costs of one case between two readings: microseconds of each process, bytes of WAL."""
    each = [
        Line(f"{what}: processor time of {name} a case", (spent - before.seconds[name]) / cases * 1e6, "µs")
        for name, spent in after.seconds.items()
    ]
    return [*each, Line(f"{what}: WAL a case", (after.wal - before.wal) / cases, "bytes")]


def settle(stack: Stack, drained: str, seconds: float = 120) -> None:
    """Wait until the worker has no task left."""
    stack.wait(lambda: bool(stack.query(drained)[0][0]), "nothing left to do", seconds=seconds, every=0.1)
    time.sleep(0.2)


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
