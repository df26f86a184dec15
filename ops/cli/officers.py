"""Commands for the officers of bureaus; every call of a desk names one."""

from typing import Annotated

import typer

from ops.cli.connection import with_database
from ops.cli.output import AsJson, answer, rows
from ops.stack.run import actor
from services.access import officers

app = typer.Typer(no_args_is_help=True, help="Officers of the bureaus.")
_COLUMNS = ("bureau_code", "id", "name", "role", "active", "created_at")
BureauArgument = Annotated[str, typer.Argument(help="Bureau code, as in C330100.")]


@app.command("set")
def set_(
    bureau: BureauArgument,
    officer: Annotated[str, typer.Argument(help="Id that the desk sends as X-Operator-Id.")],
    name: Annotated[str, typer.Argument(help="Name of the officer.")],
    *,
    supervisor: Annotated[
        bool, typer.Option("--supervisor", help="May lower levels and reopen cases.")
    ] = False,
    inactive: Annotated[bool, typer.Option("--inactive", help="Refuse calls of this officer.")] = False,
    as_json: AsJson = False,
) -> None:
    """Register an officer of a bureau, or change the entry."""
    role = officers.SUPERVISOR if supervisor else officers.OFFICER
    with_database(
        lambda db: officers.put(
            db, bureau=bureau, officer_id=officer, name=name, role=role, active=not inactive, actor=actor()
        )
    )
    value = {"bureau": bureau, "officer": officer, "role": role, "active": not inactive}
    answer(value, f"{bureau}/{officer} is {'no longer ' if inactive else ''}{role}", as_json=as_json)


@app.command("list")
def list_(
    bureau: Annotated[str | None, typer.Option(help="Only those of this bureau.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List officers."""
    rows(with_database(lambda db: officers.list_officers(db, bureau)), _COLUMNS, as_json=as_json)
