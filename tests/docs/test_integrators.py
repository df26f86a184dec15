"""The examples that integrators paste do what their page says: run as they stand, against the stack of the tests."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.running import Stack

PAGES = sorted((Path(__file__).parents[2] / "docs" / "integrators").glob("*.md"))
PROBLEM = "urn:shensu:problem:"
REFUSED_ON_PURPOSE = {"carriers.md": 1}

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def _script(page: Path, stack: Stack) -> str:
    script = "\n".join(re.findall(r"^```sh\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL))
    for written, meant in (
        ("http://127.0.0.1:8001", stack.intake),
        ("http://127.0.0.1:8002", stack.analytics),
        (".local/development-keys.json", str(stack.home / "development-keys.json")),
    ):
        script = script.replace(written, meant)
    return script


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_run(
    page: Path, stack: Stack, filing: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    # a desk reads a case that somebody filed
    assert stack.post(filing()).status_code == 201
    script = _script(page, stack)
    assert "curl" in script
    # whoever tries the examples runs them again, against the same stack
    for folder in (tmp_path / "first", tmp_path / "second"):
        (folder / ".local").mkdir(parents=True)
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.count(PROBLEM) == REFUSED_ON_PURPOSE.get(page.name, 0), ran.stdout
