"""What the tests of the OpenAPI documents share: the documents as files, and the tools that npm installs."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ops.description.documents import Api, document
from tests.running import Stack

GENERATOR = Path(sys.prefix) / "clients"
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
        pytest.skip("the npm packages are not installed: run `make clients`")
    return lambda name: str(TOOLS / ".bin" / name)


@pytest.fixture(scope="session")
def generator() -> str:
    """Return the interpreter that the generator of Python clients is installed for: its needs are not those of Shensu."""
    if not (GENERATOR / ".installed").exists():
        pytest.skip("the generator of Python clients is not installed: run `make clients`")
    return str(GENERATOR / "bin" / "python")


def journey_environment(stack: Stack) -> dict[str, str]:
    """Return what a journey reads from its environment: where the APIs are, and the keys of its clients."""
    return {
        "PATH": os.defpath,
        "INTAKE_URL": stack.intake,
        "ANALYTICS_URL": stack.analytics,
        "CALL_CENTRE_KEY": stack.keys["call-centre"],
        "CARRIER_KEY": stack.keys["carrier-zto"],
        "DASHBOARD_KEY": stack.keys["dashboard"],
    }


def assert_journey(output: str) -> None:
    """Assert what a journey printed: one complaint that was filed, read, explained and supplemented, a feed, a figure."""
    journey = json.loads(output)
    assert journey["read"] == journey["supplement"] == journey["number"]
    assert journey["status"] == "RECEIVED"
    assert journey["history"][:2] == ["RECEIVED", "ROUTED"]
    assert journey["next"]
    assert (journey["figure"], journey["periods"]) == ("volume", 2)
    assert journey["refusal"] == 404
