"""Verbs on evidence files: what failed uploads left in the store."""

from datetime import timedelta
from typing import Annotated

import typer

from ops.cli.connection import with_database
from ops.cli.output import AsJson, answer
from ops.stack.run import actor
from services.evidence import pruning
from shared.settings import EvidenceSettings
from shared.storage import Storage

app = typer.Typer(no_args_is_help=True, help="Evidence files: what lies in the store.")


@app.callback()
def _group() -> None:
    """Keep the verb's name, though it is the only one."""


@app.command()
def prune(
    older_than_hours: Annotated[
        int, typer.Option(min=1, help="Leave what is younger: its upload may still be under way.")
    ] = 24,
    *,
    as_json: AsJson = False,
) -> None:
    """Delete objects that no case names: uploads that were cut off between the store and the database."""
    store = Storage.of(EvidenceSettings())
    older_than = timedelta(hours=older_than_hours)
    scan = with_database(lambda db: pruning.prune(db, store, actor=actor(), older_than=older_than))
    text = f"{scan.seen} objects looked at, {scan.deleted} without a case deleted"
    answer({"seen": scan.seen, "deleted": scan.deleted}, text, as_json=as_json)
