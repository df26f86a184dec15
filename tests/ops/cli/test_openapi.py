"""The command that prints an OpenAPI document: it needs no database, no key file and no folder."""

import json
from pathlib import Path

import pytest

from ops.cli import app
from ops.description.documents import Api, document


@pytest.mark.parametrize("api", Api)
def test_the_command_prints_the_document_without_a_database_or_a_key_file(
    api: Api, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("SHENSU_MODE", "production")
    assert app.main(["openapi", api.value]) == 0
    assert json.loads(capsys.readouterr().out) == document(api)
    out = tmp_path / "document.json"
    assert app.main(["openapi", api.value, "--out", str(out)]) == 0
    assert json.loads(out.read_text(encoding="utf-8")) == document(api)
    assert capsys.readouterr().out == ""
