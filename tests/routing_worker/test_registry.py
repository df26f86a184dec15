"""The table of loops: names are single, periods are settings, every module of loops has its row."""

import pkgutil
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from routing_worker import loops
from routing_worker.registry import LOOPS, works
from routing_worker.state import WorkerState
from shared.settings import Settings


@pytest.fixture
def settings(settings_of: Callable[..., Settings]) -> Settings:
    """Return the settings of a worker of this session."""
    return settings_of()


def test_each_loop_has_a_name_of_its_own() -> None:
    names = [name for loop in LOOPS for name in loop.names()]
    assert len(names) == len(set(names)) > len(LOOPS)


def test_a_period_is_a_setting_or_seconds() -> None:
    named = {loop.period for loop in LOOPS if isinstance(loop.period, str)}
    assert named <= Settings.model_fields.keys()
    assert all(loop.period > 0 for loop in LOOPS if isinstance(loop.period, float))


@pytest.mark.parametrize("period", ["sweep_seconds", "watchdog_seconds", "surge_seconds", "interim_seconds"])
def test_a_loop_rests_as_long_as_its_row_says(period: str, settings: Settings) -> None:
    state = WorkerState.opened(settings.model_copy(update={period: 77.0}))
    waiting = {
        name for name, work in works(state).items() if 77.0 in _values(getattr(work, "__self__", None))
    }
    assert waiting == {name for loop in LOOPS if loop.period == period for name in loop.names()}


def _values(loop: Any) -> list[Any]:
    """Return the values of the fields of a loop."""
    return [getattr(loop, field.name) for field in fields(loop)] if is_dataclass(loop) else []


def test_a_process_runs_every_loop(settings: Settings) -> None:
    state = WorkerState.opened(settings)
    assert works(state).keys() == {name for loop in LOOPS for name in loop.names()}


def test_every_module_of_loops_is_in_the_table(settings: Settings) -> None:
    state = WorkerState.opened(settings)
    homes = {getattr(work, "__self__", work).__class__.__module__ for work in works(state).values()}
    modules = {f"routing_worker.loops.{module.name}" for module in pkgutil.iter_modules(loops.__path__)}
    assert modules <= homes
