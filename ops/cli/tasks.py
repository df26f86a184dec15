"""Verbs for follow-up work: what waits, and what failed for good."""

import uuid
from enum import StrEnum
from typing import Annotated

import typer

from ops.cli.connection import with_database
from ops.cli.output import AsJson, answer, rows
from ops.stack.run import actor
from services.tasks import admin

app = typer.Typer(no_args_is_help=True, help="Follow-up work: what waits, what failed.")


class TaskState(StrEnum):
    """States of a task."""

    READY = "ready"
    LEASED = "leased"
    DEAD = "dead"


_COLUMNS = ("id", "kind", "state", "attempts", "next_at", "last_error", "subject_id")
TaskId = Annotated[uuid.UUID, typer.Argument(help="As `task list` shows it.")]


@app.command("list")
def list_(
    state: Annotated[TaskState | None, typer.Option(help="Only those of this state.")] = None,
    kind: Annotated[str | None, typer.Option(help="Kind of work.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
    *,
    as_json: AsJson = False,
) -> None:
    """List tasks, those due first."""
    tasks = with_database(lambda db: admin.list_tasks(db, state=state, kind=kind, limit=limit))
    rows(tasks, _COLUMNS, as_json=as_json)


@app.command()
def requeue(task_id: TaskId, *, as_json: AsJson = False) -> None:
    """Let a dead task be tried again, from the beginning."""
    requeued = with_database(lambda db: admin.requeue(db, task_id, actor=actor()))
    state = "ready" if requeued else "dropped"
    sentence = "is ready again" if requeued else "is gone: the same work waits already as a later task"
    answer({"task": str(task_id), "state": state}, f"task {task_id} {sentence}", as_json=as_json)


@app.command()
def discard(task_id: TaskId, *, as_json: AsJson = False) -> None:
    """Delete a dead task for good."""
    with_database(lambda db: admin.discard(db, task_id, actor=actor()))
    answer({"task": str(task_id), "state": "discarded"}, f"task {task_id} is gone", as_json=as_json)
