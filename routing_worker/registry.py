"""The loops of the worker: the one table of their names, purposes, periods and needs. A new loop is one more row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import partial

from routing_worker import bell
from routing_worker.loops.deadlines import Deadlines
from routing_worker.loops.deliveries import WATCH_SECONDS, DeliveryWatch
from routing_worker.loops.drain import Drain
from routing_worker.loops.figures import FIGURES_SECONDS, Figures
from routing_worker.loops.interim import Interim
from routing_worker.state import WorkerState
from routing_worker.supervision import Work
from shared.settings import Settings


class Need(StrEnum):
    """What a loop needs besides Postgres."""

    KEYS = "keys"
    """The key file: the loop seals words or signs messages."""
    NETWORK = "network"
    """Addresses outside: recipients of webhooks."""
    DOORBELL = "doorbell"
    """Valkey; while it is unreachable the loop waits, and the other loops find their work by themselves."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop: its name, its purpose, its period, its needs, and the factory of its work.

    `period` is the name of a setting or a number of seconds; None: the loop never rests. `copies` run in parallel in one
    process. `work` gets the rest in seconds.
    """

    name: str
    purpose: str
    period: str | float | None
    work: Callable[[WorkerState, float], Work]
    needs: frozenset[Need] = frozenset()
    copies: int = 1

    def names(self) -> list[str]:
        """Return a name for each copy."""
        return [self.name] if self.copies == 1 else [f"{self.name}-{number}" for number in range(self.copies)]

    def seconds(self, settings: Settings) -> float:
        """Return the rest between two rounds in seconds, by the settings of the process; 0 for a loop that never rests."""
        if isinstance(self.period, str):
            seconds: float = getattr(settings, self.period)
            return seconds
        return self.period or 0.0


def _drain(state: WorkerState, seconds: float) -> Work:
    lease = timedelta(seconds=state.settings.lease_seconds)
    return Drain(state.db, state.reference_cache, state.bell, state.delivery_bell, seconds, lease).once


def _deadlines(state: WorkerState, seconds: float) -> Deadlines:
    return Deadlines(state.db, state.reference_cache, seconds)


def _interim(state: WorkerState, seconds: float) -> Work:
    return Interim(state.db, state.reference_cache, state.keys, state.delivery_bell, seconds).once


LOOPS: tuple[Loop, ...] = (
    # one copy decides a batch while the other waits for Postgres; two copies never work on the same case
    Loop("drain", "routes, merges, admits, forwards", "sweep_seconds", _drain, copies=2),
    Loop(
        "deliveries",
        "sends signed webhooks, each recipient by itself",
        "sweep_seconds",
        lambda state, _seconds: state.deliveries.once,
        needs=frozenset({Need.KEYS, Need.NETWORK}),
    ),
    Loop(
        "delivery-watch",
        "measures failing recipients, waiting messages, and transactions that hold back the feeds",
        WATCH_SECONDS,
        lambda state, _seconds: DeliveryWatch(state.db).once,
    ),
    Loop(
        "figures",
        "recounts changed days",
        FIGURES_SECONDS,
        lambda state, _seconds: Figures(state.db).once,
    ),
    Loop(
        "recalculation",
        "recalculates provisional deadlines after a load of the calendar",
        "watchdog_seconds",
        lambda state, seconds: _deadlines(state, seconds).recalculate,
    ),
    Loop(
        "deadlines",
        "takes every due step of every deadline: reminders, overdue marks, levels, copies",
        "sweep_seconds",
        lambda state, seconds: _deadlines(state, seconds).sweep,
    ),
    Loop(
        "watchdog",
        "finds cases that stay too long in a state, and open ones without a deadline",
        "watchdog_seconds",
        lambda state, seconds: _deadlines(state, seconds).watch,
    ),
    Loop(
        "surges",
        "warns of unusual numbers of complaints",
        "surge_seconds",
        lambda state, seconds: _deadlines(state, seconds).warn,
    ),
    Loop(
        "interim",
        "sends interim answers to hotlines in time",
        "interim_seconds",
        _interim,
        needs=frozenset({Need.KEYS}),
    ),
    Loop(
        "doorbell",
        "listens to the doorbell, so that work begins at once",
        None,
        lambda state, _seconds: partial(bell.listen, state.settings.redis_url.get_secret_value(), state.bell),
        needs=frozenset({Need.DOORBELL}),
    ),
)
"""Every loop. The order has no meaning: each runs by itself."""


def works(state: WorkerState) -> dict[str, Work]:
    """Return the work of every copy of every loop, by name."""
    return {name: loop.work(state, loop.seconds(state.settings)) for loop in LOOPS for name in loop.names()}
