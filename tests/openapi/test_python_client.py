"""The clients that openapi-python-client generates from both documents pass mypy and drive one journey."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ops.description.documents import Api
from services.evidence.kinds import KINDS
from tests.openapi.conftest import assert_journey, journey_environment
from tests.running import Stack

pytestmark = pytest.mark.slow
JOURNEY = Path(__file__).with_name("journey.py")
LINES = "application/x-ndjson"
CONFIGURATION = {
    "post_hooks": [],
    "content_type_overrides": dict.fromkeys([LINES, *KINDS], "application/octet-stream"),
}


def _run(*line: str | Path, cwd: Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        line, cwd=cwd, env=environment, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _with_one_body_each(path: Path, folder: Path) -> Path:
    """Write a document without the second form of a body: this generator confuses two forms of a list."""
    document = json.loads(path.read_text(encoding="utf-8"))
    for item in document["paths"].values():
        for operation in item.values():
            contents = operation.get("requestBody", {}).get("content", {})
            if len(contents) > 1:
                contents.pop(LINES)
    copy = folder / path.name
    copy.write_text(json.dumps(document), encoding="utf-8")
    return copy


@pytest.fixture
def client(documents: dict[Api, Path], generator: str, tmp_path: Path) -> Path:
    """Generate the packages of both APIs; a warning of the generator fails. Return the folder that has them."""
    for api, path in documents.items():
        package = f"{api.value}_client"
        configuration = tmp_path / f"{package}.json"
        names = {"project_name_override": package, "package_name_override": package}
        configuration.write_text(json.dumps(CONFIGURATION | names), encoding="utf-8")
        document = _with_one_body_each(path, tmp_path)
        options: list[str | Path] = [
            "--config",
            configuration,
            "--output-path",
            package,
            "--meta",
            "none",
            "--fail-on-warning",
        ]
        _run(generator, "-m", "openapi_python_client", "generate", "--path", document, *options, cwd=tmp_path)
    shutil.copy(JOURNEY, tmp_path)
    return tmp_path


def test_the_generated_client_files_and_follows_a_complaint(
    client: Path, generator: str, stack: Stack
) -> None:
    options = ["--strict", "--config-file", os.devnull, "--python-executable", generator]
    sources = ["intake_client", "analytics_client", "journey.py"]
    _run(sys.executable, "-m", "mypy", *options, *sources, cwd=client)
    assert_journey(_run(generator, "journey.py", cwd=client, environment=journey_environment(stack)))
