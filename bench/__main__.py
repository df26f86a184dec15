"""`python -m bench [name …]`: run benchmarks, print a table of each, write the results as JSON."""

import os
import time
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console

from bench import (
    batch,
    cases,
    circular,
    deadlines,
    desk,
    footprint,
    latency,
    report,
    routing,
    single,
    usps,
    webhooks,
    year,
)
from bench.report import Line
from shared import logging

BENCHMARKS = {
    module.__name__.rpartition(".")[2]: module.measure
    for module in (
        single,
        batch,
        routing,
        latency,
        year,
        circular,
        cases,
        desk,
        deadlines,
        webhooks,
        footprint,
        usps,
    )
}
BY_NAME_ONLY = {"usps"}
"""Benchmarks that take an hour: they only run if they are named."""


def main(
    names: Annotated[
        list[str] | None, typer.Argument(help=f"Of {', '.join(BENCHMARKS)}; none: all but usps.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    complaints: Annotated[int, typer.Option(help="How many complaints usps takes.")] = usps.COUNT,
    out: Annotated[Path | None, typer.Option(help="Write the JSON to this file, too.")] = None,
) -> None:
    """Measure the platform against the limits of this machine; each benchmark takes up to three minutes."""
    if unknown := sorted(set(names or ()) - BENCHMARKS.keys()):
        raise typer.BadParameter(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    benchmarks = BENCHMARKS | {"usps": partial(usps.measure, complaints)}
    logging.configure("bench", "WARNING")
    console = Console(stderr=as_json)
    results: dict[str, Any] = {"machine": report.machine(), "benchmarks": {}}
    for name in names or [name for name in BENCHMARKS if name not in BY_NAME_ONLY]:
        console.print(f"[dim]{name} …[/]")
        load, began = os.getloadavg(), time.monotonic()
        lines: list[Line] = benchmarks[name]()
        seconds = time.monotonic() - began
        report.show(console, name, lines, seconds, load)
        results["benchmarks"][name] = {
            "seconds": round(seconds, 1),
            "load_before": load,
            "lines": [line.as_json() for line in lines],
        }
    text = orjson.dumps(results, option=orjson.OPT_INDENT_2)
    if out is not None:
        out.write_bytes(text + b"\n")
    if as_json:
        print(text.decode())


app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
app.command()(main)
app()
