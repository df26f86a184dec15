"""The command that prints the codes of answers."""

import json

import pytest

from ops.cli import app
from services.reference import code_texts


def test_codes_are_printed_as_the_page_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["codes", "--markdown"]) == 0
    assert capsys.readouterr().out == code_texts.page()
    assert app.main(["codes"]) == 0
    assert json.loads(capsys.readouterr().out) == code_texts.lists()
