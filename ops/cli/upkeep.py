"""Commands that set up a deployment: schema, reference data, figures, key files."""

from pathlib import Path
from typing import Annotated

import typer

from ops import migrate as migrations
from ops.cli.connection import addresses, with_database
from ops.cli.output import AsJson, answer
from ops.stack.environment import StackSettings
from ops.stack.run import actor
from services.access import data_keys
from services.deadlines import recalculation
from services.figures import refresh as counting
from services.reference import loader
from services.reference.loader import LoadReport
from shared.database import Database
from shared.privacy import keyring
from shared.settings import DEVELOPMENT_MARK

reference = typer.Typer(
    no_args_is_help=True, help="Reference data: regions, bureaus, carriers, issues, calendar."
)
figures = typer.Typer(no_args_is_help=True, help="Figures: counted from the cases.")
keys = typer.Typer(no_args_is_help=True, help="The key file; without it, personal data cannot be read.")


def migrate(*, as_json: AsJson = False) -> None:
    """Migrate the database to the newest schema, and create its first data key if it has none."""
    settings = StackSettings()
    url = addresses(settings).database_url
    before = with_database(migrations.present, settings)
    migrations.upgrade(url)
    key_file = settings.read_key_file()
    with_database(lambda db: data_keys.ensure(db, key_file, actor=actor()), settings)
    after = with_database(migrations.present, settings)
    text = f"schema {after}" if before == after else f"schema {before} → {after}"
    answer({"before": before, "after": after}, text, as_json=as_json)


@reference.command()
def load(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder with the files; default: those of this release.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Load reference data; nothing is changed if it is the same as before, or if a file has a fault."""

    async def run(db: Database) -> tuple[LoadReport, int]:
        return await loader.load(db, folder, actor=actor()), await recalculation.recalculate_all(db)

    report, recalculated = with_database(run)
    value = {"version": report.version, "changed": report.changed, "counts": report.counts}
    counts = ", ".join(f"{name} {count}" for name, count in report.counts.items())
    text = (
        f"reference data version {report.version} ({'changed' if report.changed else 'unchanged'}): {counts}"
    )
    if recalculated:
        text += f"; {recalculated} deadlines recalculated"
    answer(value | {"recalculated": recalculated}, text, as_json=as_json)


@keys.command("create")
def create_keys(
    path: Annotated[
        Path | None, typer.Argument(help="Default: SHENSU_KEY_FILE, else keys.json in the home.")
    ] = None,
    *,
    production: Annotated[
        bool, typer.Option("--production", help="Keys that a production process accepts.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Create a key file; an existing one is never replaced. Keep a copy: without it, personal data are lost."""
    path = path or StackSettings().key_file
    keyring.create(path, purpose="production" if production else DEVELOPMENT_MARK)
    answer(
        {"key_file": str(path)}, f"{path} made; keep a copy of it apart from the database", as_json=as_json
    )


@figures.command()
def rebuild(*, as_json: AsJson = False) -> None:
    """Recount all figures from the cases, for example after a restore; correct figures are not written."""
    report = with_database(counting.rebuild)
    value = {"days": report.days, "months": report.months, "seconds": round(report.seconds, 1)}
    answer(value, f"{report.days} days recounted in {report.seconds:.1f} s", as_json=as_json)
