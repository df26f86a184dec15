"""`python -m ops describe`: as text, as JSON, the layers as markdown; wrong use is refused in a sentence."""

import json
from pathlib import Path

import pytest

from ops.cli.app import main
from ops.description import layers
from ops.description.sections import SECTIONS


def test_text_has_every_section(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(f"{name} ({len(section())})" in lines for name, section in SECTIONS.items())


def test_json_has_the_sections_that_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", "scopes", "loops", "--json"]) == 0
    described = json.loads(capsys.readouterr().out)
    assert described.keys() == {"scopes", "loops"}
    assert {"name": "desk:work", "meaning": "work the cases of a bureau", "details": {}} in described[
        "scopes"
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["describe", "doors"], "no section doors"), (["describe", "--write"], "give --layers too")],
)
def test_wrong_use_is_refused(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    assert sentence in capsys.readouterr().err


def test_layers_are_printed_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["describe", "--layers"]) == 0
    table = capsys.readouterr().out.strip()
    assert table == layers.markdown()
    page = tmp_path / "page.md"
    page.write_text(f"before\n{layers.BEGIN}\nold\n{layers.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(layers, "PAGE", page)
    assert main(["describe", "--layers", "--write"]) == 0
    assert page.read_text("utf-8") == f"before\n{layers.BEGIN}\n{table}\n{layers.END}\nafter\n"
