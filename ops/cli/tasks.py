"""Verbs for follow-up work that failed for good, and for checking a stored decision."""

import uuid
from typing import Annotated

import typer

from ops.cli.connection import with_database
from ops.cli.output import AsJson, answer, rows
from ops.stack.run import actor
from services.tasks import admin

app = typer.Typer(no_args_is_help=True, help="Follow-up work: what waits, what failed.")
_COLUMNS = ("id", "kind", "state", "attempts", "next_at", "last_error", "subject_id")
TaskId = Annotated[uuid.UUID, typer.Argument(help="As `task list` shows it.")]


@app.command("list")
def list_(
    state: Annotated[str | None, typer.Option(help="ready, leased, done or dead.")] = None,
    kind: Annotated[str | None, typer.Option(help="Kind of work.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
    *,
    as_json: AsJson = False,
) -> None:
    """List tasks, those due first."""
    found = with_database(lambda db: admin.list_tasks(db, state=state, kind=kind, limit=limit))
    rows(found, _COLUMNS, as_json=as_json)


@app.command()
def requeue(task_id: TaskId, *, as_json: AsJson = False) -> None:
    """Let a dead task be tried again, from the beginning."""
    with_database(lambda db: admin.requeue(db, task_id, actor=actor()))
    answer({"task": str(task_id), "state": "ready"}, f"task {task_id} is ready again", as_json=as_json)


@app.command()
def discard(task_id: TaskId, *, as_json: AsJson = False) -> None:
    """Delete a dead task for good."""
    with_database(lambda db: admin.discard(db, task_id, actor=actor()))
    answer({"task": str(task_id), "state": "discarded"}, f"task {task_id} is gone", as_json=as_json)
