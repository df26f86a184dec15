"""Several processes of the intake and of the worker: one is killed under load, and nobody notices but its connections."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.load import Load
from tests.chaos.outcome import all_ready, all_routed, assert_each_once, drive
from tests.running import Stack, running

pytestmark = pytest.mark.slow
Filing = Callable[..., dict[str, Any]]
SERVICES = {"intake_api": 2, "routing_worker": 2}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run a stack of its own, durable as in production, with two processes of each service that can have several."""
    environment = {"SHENSU_INTAKE_PROCESSES": "2", "SHENSU_WORKER_PROCESSES": "2"}
    with running(tmp_path_factory.mktemp("processes"), durable=True, environment=environment) as stack:
        yield stack


def _processes(stack: Stack, service: str) -> set[int]:
    parent = stack.supervisor.child(service).pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return {int(pid) for pid in children.split()}


@pytest.mark.parametrize("service", SERVICES)
def test_a_process_that_is_killed_under_load_loses_nothing_and_is_replaced(
    service: str, stack: Stack, filing: Filing
) -> None:
    before = stack.query("SELECT count(*) FROM complaint")[0][0]
    parent, processes = stack.supervisor.child(service).pid, _processes(stack, service)
    assert len(processes) == SERVICES[service]
    with Load(stack, f"killed-{service}", filing()) as load:
        drive(stack, lambda: len(load.acknowledged) > 30, "the load began")
        killed = min(processes)
        os.kill(killed, signal.SIGKILL)
        drive(stack, lambda: len(_processes(stack, service) - {killed}) == 2, "it is replaced", seconds=5)
        at_failure = len(load.acknowledged)
        drive(stack, lambda: len(load.acknowledged) > at_failure + 40, "complaints are taken")
        load.end()
        drive(stack, lambda: load.has_stopped, "what was begun is acknowledged")
    assert load.wrong == []
    assert stack.supervisor.child(service).pid == parent
    assert processes - {killed} < _processes(stack, service)
    drive(stack, lambda: all_routed(stack), "everything is routed")
    drive(stack, lambda: all_ready(stack), "every service is ready")
    assert_each_once(stack, load, before)
