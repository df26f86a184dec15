"""The whole command line. Exit codes: 0 done, 1 failed (with a sentence on standard error), 2 wrong use."""

import sys
from collections.abc import Sequence

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from ops.cli import (
    clients,
    codes,
    describe,
    doctor,
    evidence,
    exchange,
    invariants,
    officers,
    openapi,
    replays,
    sandbox,
    stack,
    tasks,
    upkeep,
)
from ops.stack.processes import StackError
from shared.database import sqlstate
from shared.errors import ShensuError
from shared.privacy.keyring import KeyFileError

EXPECTED = (StackError, ShensuError, KeyFileError, ValidationError, DBAPIError, OSError)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Operate Shensu.",
    rich_markup_mode=None,
)
app.command()(stack.up)
app.command()(stack.demo)
app.command()(upkeep.migrate)
app.command()(replays.replay)
app.command()(doctor.doctor)
app.command()(describe.describe)
app.command()(openapi.openapi)
app.command()(codes.codes)
app.command("carrier-sandbox")(sandbox.carrier_sandbox)
app.add_typer(clients.app, name="client")
app.add_typer(evidence.app, name="evidence")
app.add_typer(officers.app, name="officer")
app.add_typer(tasks.app, name="task")
app.add_typer(exchange.endpoint, name="endpoint")
app.add_typer(exchange.delivery, name="delivery")
app.add_typer(exchange.feed, name="feed")
app.add_typer(invariants.app, name="invariants")
app.add_typer(upkeep.reference, name="reference")
app.add_typer(upkeep.figures, name="figures")
app.add_typer(upkeep.keys, name="keys")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="python -m ops")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        why = "interrupted"
    except EXPECTED as error:
        why = _sentence(error)
    else:
        return 0
    sys.stderr.write(f"shensu: {why}\n")
    return 1


def _sentence(error: Exception) -> str:
    """Return what went wrong, without a row, an address or a password."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
    if isinstance(error, DBAPIError):
        return f"the database refused (SQLSTATE {sqlstate(error) or 'unknown'}); try `python -m ops doctor`"
    if isinstance(error, FileExistsError):
        return f"{error.filename} exists already and is not replaced"
    if isinstance(error, OSError):
        return f"the database or a file cannot be reached: {error.strerror or type(error).__name__}"
    return str(error)
