"""Commands for evidence files: remains of failed uploads in the store."""

from datetime import timedelta
from typing import Annotated

import typer

from ops.cli.connection import with_database
from ops.cli.output import AsJson, answer
from ops.stack.run import actor
from services.evidence import pruning
from shared.settings import EvidenceSettings
from shared.storage import Storage

app = typer.Typer(no_args_is_help=True, help="Evidence files in the store.")


@app.callback()
def _group() -> None:
    """Keep the command's name, although it is the only one of its group."""


@app.command()
def prune(
    older_than_hours: Annotated[
        int, typer.Option(min=1, help="Keep younger objects: their upload may still be running.")
    ] = 24,
    *,
    as_json: AsJson = False,
) -> None:
    """Delete objects without a case: uploads that were interrupted between the store and the database."""
    store = Storage.of(EvidenceSettings())
    older_than = timedelta(hours=older_than_hours)
    scan = with_database(lambda db: pruning.prune(db, store, actor=actor(), older_than=older_than))
    text = f"{scan.seen} objects checked, {scan.deleted} without a case deleted"
    answer({"seen": scan.seen, "deleted": scan.deleted}, text, as_json=as_json)
