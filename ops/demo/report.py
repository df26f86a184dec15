"""Prints the results of the demo: the live complaint, the case, and the figures side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ops.demo.comparison import Compared
from ops.demo.life import Lived
from ops.demo.live import LiveComplaint


def show(
    way: LiveComplaint,
    lived: Lived,
    circulars: Mapping[str, Mapping[str, Any]],
    lines: Mapping[str, Sequence[Compared]],
) -> None:
    """Print everything; the last line says whether all figures are equal."""
    console = Console()
    _show_way(console, way)
    _show_life(console, lived)
    for month, compared in lines.items():
        console.print()
        console.print(_table(month, compared))
    last = list(circulars)[-1]
    console.print(f"\n通告 {last}", style="bold")
    console.print(escape(str(circulars[last]["text"])), soft_wrap=True)
    different = sum(not line.equal for compared in lines.values() for line in compared)
    total = sum(len(compared) for compared in lines.values())
    if different:
        console.print(f"\n{different} of {total} published figures differ.", style="bold red")
    else:
        console.print(f"\nAll {total} published figures are equal.", style="bold green")


def _show_way(console: Console, way: LiveComplaint) -> None:
    console.print("\nOne live complaint", style="bold")
    console.print(f"  posted   {way.posted_ms} ms: number {way.number}")
    handling, supervising = way.case["handling_bureau"], way.case["supervising_bureau"]
    console.print(
        f"  routed   {way.routed_ms} ms after it was posted: {_bureau(handling)}, under {_bureau(supervising)}"
    )
    for sentence in way.explanation.get("summary", []):
        console.print(f"  because  {escape(str(sentence))}", soft_wrap=True)


def _show_life(console: Console, lived: Lived) -> None:
    case = lived.case
    console.print("\nIts life, as the officer reads it", style="bold")
    console.print(f"  complaint  {escape(case['cause'])} {escape(case['request'])}", soft_wrap=True)
    [reply] = case["replies"]
    for event in case["history"]:
        texts = event["texts"].values() if event["kind"] != "REPLIED" else (reply["facts"], reply["action"])
        words = " ".join(str(text) for text in texts)
        heading = f"{event['at'][:19].replace('T', ' ')}  {event['kind']:<14} {event['by'] or event['actor']}"
        console.print(escape(f"  {heading}  {words}" if words else f"  {heading}"), soft_wrap=True)
    proposal = case["trace"]["proposal"]
    console.print(
        f"  the scans point at {proposal['failing_link']} ({proposal['confidence']} %), the officer found "
        f"{case['failing_link']}; recovered for the user: {case['recovered_fen'] / 100:.2f} yuan"
    )
    for deadline in lived.deadlines:
        console.print(
            f"  deadline {deadline['name']}: {deadline['amount']} {deadline['unit']}, until {deadline['due_at'][:16]}, "
            f"{deadline['state']} [{escape(deadline['source'])}]",
            soft_wrap=True,
            markup=False,
        )
    console.print(f"  answer   {escape(case['sentence']['zh'])}", soft_wrap=True)


def _bureau(bureau: Mapping[str, str] | None) -> str:
    return "nobody" if bureau is None else f"{bureau['name']} ({bureau['code']})"


def _table(month: str, lines: Sequence[Compared]) -> Table:
    table = Table(title=f"Circular of {month}: published beside ours", title_justify="left")
    table.add_column("figure")
    table.add_column("published", justify="right")
    table.add_column("ours", justify="right")
    table.add_column("")
    for line in lines:
        mark = "[green]equal[/green]" if line.equal else "[bold red]NOT EQUAL[/bold red]"
        table.add_row(line.name, _text(line.published), _text(line.ours), mark)
    return table


def _text(value: float | str | None) -> str:
    return "–" if value is None else str(value)
