"""The client that npm's openapi-typescript generates from both documents compiles strictly and drives one journey."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from ops.description.documents import Api
from tests.openapi.conftest import TOOLS, Tool, assert_journey, journey_environment
from tests.running import Stack

pytestmark = pytest.mark.slow
JOURNEY = Path(__file__).with_name("journey.ts")
CONFIGURATION = {
    "compilerOptions": {
        "strict": True,
        "exactOptionalPropertyTypes": True,
        "noUnusedLocals": True,
        "noEmitOnError": True,
        "target": "es2022",
        "module": "nodenext",
        "lib": ["es2022", "dom"],
        "types": [],
        "outDir": "built",
    }
}


def _run(*command: str | Path, cwd: Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def client(documents: dict[Api, Path], tool: Tool, tmp_path: Path) -> Path:
    """Generate the types of both APIs, compile the journey strictly, and return the folder of the result."""
    (tmp_path / "node_modules").symlink_to(TOOLS)
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "tsconfig.json").write_text(json.dumps(CONFIGURATION), encoding="utf-8")
    shutil.copy(JOURNEY, tmp_path)
    for api, path in documents.items():
        # a field with a default may be left out of a request
        options = ["--default-non-nullable=false", "--output", f"{api.value}.d.ts"]
        _run(tool("openapi-typescript"), path, *options, cwd=tmp_path)
    _run(tool("tsc"), "--project", ".", cwd=tmp_path)
    return tmp_path


def test_the_generated_client_files_and_follows_a_complaint(client: Path, stack: Stack) -> None:
    node = shutil.which("node")
    assert node is not None
    assert_journey(_run(node, "built/journey.js", cwd=client, environment=journey_environment(stack)))
