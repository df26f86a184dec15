"""Commands of the whole stack: what an operator can paste works, and unsafe servers are refused."""

import json
from pathlib import Path

import pytest

from ops.cli import app, stack
from services.intake.filing import Filing


def test_production_refuses_embedded_servers(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHENSU_MODE", "production")
    assert app.main(["up"]) == 1
    assert "set DATABASE_URL and REDIS_URL" in capsys.readouterr().err
    assert list(home.iterdir()) == []


def test_pasted_curl_holds_a_filing_that_the_form_takes() -> None:
    command = stack.curl("http://127.0.0.1:8001", "sk_test_x")
    assert "Authorization: Bearer sk_test_x" in command
    body = command.split("--data ")[1].strip("'")
    assert json.loads(body) == stack.SAMPLE
    Filing.model_validate_json(body)


def test_the_other_command_asks_for_the_explanation() -> None:
    command = stack.explanation("http://127.0.0.1:8001", "sk_test_x")
    assert "http://127.0.0.1:8001/v1/complaints/NUMBER/explanation" in command
    assert "Authorization: Bearer sk_test_x" in command
