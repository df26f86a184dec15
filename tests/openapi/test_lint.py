"""Spectral has nothing to say of either document: neither by its rules of OpenAPI nor by those of OWASP."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ops.description.documents import Api
from tests.openapi.conftest import Tool

pytestmark = pytest.mark.slow
RULES = Path(__file__).with_name(".spectral.yaml")


def _lint(tool: Tool, path: Path) -> list[str]:
    """Return each error and warning as one line."""
    findings = path.with_suffix(".findings")
    options: list[str | Path] = [
        "--ruleset",
        RULES,
        "--fail-severity",
        "warn",
        "--format",
        "json",
        "--output",
        findings,
    ]
    command = [tool("spectral"), "lint", *options, path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode in {0, 1}, done.stderr
    rows: list[dict[str, Any]] = json.loads(findings.read_text(encoding="utf-8"))
    lines = [f"{row['code']} at {'/'.join(map(str, row['path']))}: {row['message']}" for row in rows]
    assert bool(lines) == bool(done.returncode), done.stdout
    return lines


@pytest.mark.parametrize("api", Api)
def test_the_document_has_no_error_and_no_warning(api: Api, documents: dict[Api, Path], tool: Tool) -> None:
    assert _lint(tool, documents[api]) == []


def test_the_linter_sees_what_is_missing(documents: dict[Api, Path], tool: Tool, tmp_path: Path) -> None:
    broken = json.loads(documents[Api.ANALYTICS].read_text(encoding="utf-8"))
    del broken["info"]["contact"]
    del broken["paths"]["/v1/figures/volume"]["get"]["responses"]["429"]
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(broken), encoding="utf-8")
    assert {line.partition(" ")[0] for line in _lint(tool, path)} == {
        "info-contact",
        "owasp:api4:2023-rate-limit-responses-429",
    }
