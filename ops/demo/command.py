"""The demo: import two months, take one complaint through its life, compare the circulars with the published ones."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ops.demo import comparison, handover, life, live, report, waiting
from ops.demo.calls import ask, caller
from ops.demo.comparison import Compared
from ops.demo.handover import HandedOver
from ops.demo.life import Lived, People
from ops.demo.live import LiveComplaint
from ops.demo.margins import MONTHS


@dataclass(frozen=True, slots=True)
class Shown:
    """The results of the demo."""

    imports: list[HandedOver]
    import_seconds: float
    counted: bool
    counted_seconds: float
    way: LiveComplaint
    lived: Lived
    circulars: Mapping[str, Mapping[str, Any]]
    lines: Mapping[str, list[Compared]]

    @property
    def equal(self) -> bool:
        """Whether every published figure is equal."""
        return all(line.equal for lines in self.lines.values() for line in lines)


def run(intake_url: str, analytics_url: str, keys: dict[str, str], *, as_json: bool) -> bool:
    """Show the demo; returns False if any figure differs from the published one.

    `keys` holds the API keys of call-centre, legacy-import, dashboard, carrier-yto and desk-hangzhou. Raises StackError if a
    service refuses.
    """
    console = Console(stderr=True, quiet=as_json)
    shown = asyncio.run(_show(intake_url, analytics_url, keys, console))
    if as_json:
        typer.echo(json.dumps(_as_json(shown), ensure_ascii=False, default=str))
    else:
        report.show(shown.way, shown.lived, shown.circulars, shown.lines)
    return shown.equal


async def _show(intake_url: str, analytics_url: str, keys: dict[str, str], console: Console) -> Shown:
    started = time.perf_counter()
    async with caller(intake_url, keys["legacy-import"]) as legacy:
        imports = await _import(legacy, console)
    import_seconds = time.perf_counter() - started
    async with caller(analytics_url, keys["dashboard"]) as dashboard:
        with console.status("waiting until every case is routed and counted"):
            counted = await waiting.until_counted(dashboard)
        wait_seconds = time.perf_counter() - started
        async with caller(intake_url, keys["call-centre"]) as centre:
            way = await live.follow(centre)
        async with (
            caller(intake_url, keys["carrier-yto"]) as yto,
            caller(intake_url, keys["desk-hangzhou"]) as desk,
        ):
            lived = await life.live(People(yto, desk), way.number)
        circulars = {
            month.name: await ask(dashboard, "GET", f"/v1/circulars/{month.name}") for month in MONTHS
        }
    lines = {month: comparison.compare(month, circular) for month, circular in circulars.items()}
    console.print(
        f"{sum(month_import.rows for month_import in imports)} complaints in after {import_seconds:.1f} s, "
        f"counted after {wait_seconds:.1f} s"
    )
    return Shown(
        imports, round(import_seconds, 2), counted, round(wait_seconds, 2), way, lived, circulars, lines
    )


async def _import(client: Any, console: Console) -> list[HandedOver]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    imports, numbered_from = [], 0
    with Progress(*columns, console=console) as progress:
        for month in MONTHS:
            task = progress.add_task(f"import {month.name}", total=month.total)

            def advance(rows: int, task: Any = task) -> None:
                progress.advance(task, rows)

            imports.append(
                await handover.hand_over(client, month, numbered_from=numbered_from, advance=advance)
            )
            numbered_from += month.total
    return imports


def _as_json(shown: Shown) -> dict[str, Any]:
    return {
        "equal": shown.equal,
        "imports": [asdict(month_import) for month_import in shown.imports],
        "import_seconds": shown.import_seconds,
        "counted": shown.counted,
        "counted_seconds": shown.counted_seconds,
        "live": asdict(shown.way),
        "life": asdict(shown.lived),
        "lines": [
            {"period": month, **asdict(line), "equal": line.equal}
            for month, lines in shown.lines.items()
            for line in lines
        ],
        "text": {month: circular["text"] for month, circular in shown.circulars.items()},
    }
