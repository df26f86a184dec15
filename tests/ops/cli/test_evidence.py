"""The verb that clears the store of what no case names."""

import json
import os
from pathlib import Path

import pytest

from ops.cli import app

DAY = 24 * 3600


def test_prune_deletes_old_objects_without_a_case(
    connected: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = connected / "evidence" / "ab"
    folder.mkdir(parents=True)
    old, young = folder / "abold", folder / "abyoung"
    for path in (old, young):
        path.write_bytes(b"sealed")
    there = old.stat().st_mtime
    os.utime(old, (there - 2 * DAY, there - 2 * DAY))
    assert app.main(["evidence", "prune", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"seen": 1, "deleted": 1}
    assert (old.exists(), young.exists()) == (False, True)
    assert app.main(["evidence", "prune"]) == 0
    assert "0 without a case deleted" in capsys.readouterr().out
    assert app.main(["evidence", "prune", "--older-than-hours", "0"]) == 2


@pytest.mark.usefixtures("connected")
def test_a_store_that_is_not_set_up_whole_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHENSU_EVIDENCE_URL", "s3://bucket/evidence")
    assert app.main(["evidence", "prune"]) == 1
    assert "SHENSU_EVIDENCE_ACCESS_KEY" in capsys.readouterr().err
