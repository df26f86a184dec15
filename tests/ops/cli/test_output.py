"""Output of commands: one JSON value for programs, a table for people, times in civil time of Asia/Shanghai."""

import json
import uuid
from datetime import UTC, datetime

import pytest

from ops.cli import output

MOMENT = datetime(2026, 2, 28, 16, 0, 0, 5, tzinfo=UTC)
ROW = {"id": uuid.UUID(int=1), "name": "杭州", "scopes": ["a:read", "b:write"], "at": MOMENT, "gone": None}


def test_an_answer_is_one_json_value_or_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    output.answer(ROW, "a text", as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "id": "00000000-0000-0000-0000-000000000001",
        "name": "杭州",
        "scopes": ["a:read", "b:write"],
        "at": "2026-03-01T00:00:00+08:00",
        "gone": None,
    }
    output.answer(ROW, "a text", as_json=False)
    assert capsys.readouterr().out == "a text\n"


def test_rows_are_a_table_of_the_columns_that_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    output.rows([ROW], ("id", "scopes", "at", "gone"), as_json=False)
    text = capsys.readouterr().out
    assert "00000000-0000-0000-0000-000000000001" in text
    assert "a:read, b:write" in text
    assert "2026-03-01T00:00:00+08:00" in text
    assert "None" not in text
    assert "杭州" not in text


def test_rows_are_whole_in_json_and_none_is_said_to_people(capsys: pytest.CaptureFixture[str]) -> None:
    output.rows([ROW], ("id",), as_json=True)
    assert json.loads(capsys.readouterr().out)[0].keys() == ROW.keys()
    output.rows([], ("id",), as_json=True)
    assert capsys.readouterr().out == "[]\n"
    output.rows([], ("id",), as_json=False)
    assert capsys.readouterr().out == "none\n"


def test_progress_goes_beside_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    output.say("half")
    assert capsys.readouterr() == ("", "half\n")
