"""The packaged reference data as a reference, and a copy of its files that a test may spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from services.reference import data as reference_data
from services.reference import files
from services.reference.data import ReferenceData

Edit = Callable[[str, str, str], Path]


@pytest.fixture(scope="session")
def packaged() -> ReferenceData:
    """Return the reference of the packaged files, built without a database."""
    return reference_data.build(1, "packaged", files.read(files.PACKAGED).values())


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Return a function that replaces a text once in a copy of the files, and gives the folder."""
    folder = tmp_path / "reference"
    shutil.copytree(files.PACKAGED, folder)

    def edit(name: str, old: str, new: str) -> Path:
        content = (folder / name).read_text(encoding="utf-8")
        assert content.count(old) >= 1
        (folder / name).write_text(content.replace(old, new, 1), encoding="utf-8")
        return folder

    return edit
