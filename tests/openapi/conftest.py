"""What the tests of the OpenAPI documents share: the documents as files, and the tools that npm installs."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ops.cli.openapi import Api, document

TOOLS = Path(__file__).with_name("node_modules")
Tool = Callable[[str], str]


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[Api, Path]:
    """Return the files of both documents."""
    folder = tmp_path_factory.mktemp("documents")
    paths = {api: folder / f"{api.value}.json" for api in Api}
    for api, path in paths.items():
        path.write_text(json.dumps(document(api), ensure_ascii=False), encoding="utf-8")
    return paths


@pytest.fixture(scope="session")
def tool() -> Tool:
    """Return a function that gives the path of a tool by its name; without the tools there is nothing to test with."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    if not (TOOLS / ".installed").exists():
        pytest.skip("the npm packages are not installed: run `make node`")
    return lambda name: str(TOOLS / ".bin" / name)
