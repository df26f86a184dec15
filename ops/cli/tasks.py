"""Commands for follow-up work: waiting and failed tasks."""

import uuid
from enum import StrEnum
from typing import Annotated

import typer

from ops.cli.connection import with_database
from ops.cli.output import AsJson, answer, rows
from ops.stack.run import actor
from services.tasks import admin

app = typer.Typer(no_args_is_help=True, help="Follow-up work: waiting and failed tasks.")


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
    """List tasks, the earliest due first."""
    tasks = with_database(lambda db: admin.list_tasks(db, state=state, kind=kind, limit=limit))
    rows(tasks, _COLUMNS, as_json=as_json)


@app.command()
def requeue(task_id: TaskId, *, as_json: AsJson = False) -> None:
    """Retry a dead task, with its attempts reset."""
    requeued = with_database(lambda db: admin.requeue(db, task_id, actor=actor()))
    state = "ready" if requeued else "dropped"
    sentence = "is ready again" if requeued else "is deleted: a later task for the same work waits already"
    answer({"task": str(task_id), "state": state}, f"task {task_id} {sentence}", as_json=as_json)


@app.command()
def discard(task_id: TaskId, *, as_json: AsJson = False) -> None:
    """Delete a dead task permanently."""
    with_database(lambda db: admin.discard(db, task_id, actor=actor()))
    answer({"task": str(task_id), "state": "discarded"}, f"task {task_id} is deleted", as_json=as_json)
