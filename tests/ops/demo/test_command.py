"""The whole demo against a running stack: every line equal, and a second time nothing is imported twice."""

import json
from collections.abc import Iterator

import pytest

from ops.demo import command, life, live, waiting
from tests.running import Stack, running

COUNT = (
    "SELECT count(*) FROM complaint WHERE received_at >= '2021-02-01+08' AND received_at < '2021-04-01+08'"
)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run a stack of its own: 45,320 cases would slow down all tests after this one."""
    with running(tmp_path_factory.mktemp("demo"), durable=False) as own:
        yield own


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_demo_ends_with_every_line_equal_and_may_be_repeated(
    stack: Stack, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # a busy machine counts 45,320 cases slowly: what is waited for ends the waiting, and no clock before it
    for module, name in (
        (waiting, "PATIENCE_SECONDS"),
        (live, "_PATIENCE_SECONDS"),
        (life, "_PATIENCE_SECONDS"),
    ):
        monkeypatch.setattr(module, name, 300)
    assert command.run(stack.intake, stack.analytics, stack.keys, as_json=True)
    first = json.loads(capsys.readouterr().out)
    assert first["equal"]
    assert sum(part["rows"] for part in first["imports"]) == 45_320
    assert first["live"]["case"]["handling_bureau"]["code"] == "C330100"
    lived = first["life"]
    assert (lived["case"]["status"], lived["case"]["recovered_fen"]) == ("CLOSED", 5_000)
    assert {deadline["state"] for deadline in lived["deadlines"]} <= {"MET", "MOOT"}
    assert [event["kind"] for event in lived["case"]["history"]][-4:] == [
        "CLAIMED",
        "VISITED",
        "REMEDY",
        "CLOSED",
    ]
    assert command.run(stack.intake, stack.analytics, stack.keys, as_json=False)
    assert "All 37 published figures are equal." in capsys.readouterr().out
    ((count,),) = stack.query(COUNT)
    assert count == 45_320
