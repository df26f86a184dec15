"""The Makefile: lists itself, works from any directory, and says in one sentence what is missing."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def make(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Give a tree that was never set up."""
    for name in ("Makefile", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_lists_every_target_from_any_directory(tmp_path: Path) -> None:
    listed = {line.split()[1] for line in make("-C", str(ROOT), cwd=tmp_path).stdout.splitlines()}
    assert {"run", "demo", "test", "check", "lint", "types", "bench", "lock", "clean"} <= listed


def test_without_a_new_enough_python_one_sentence_says_what_to_do(bare: Path) -> None:
    old = bare / "python-old"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = make("run", f"PYTHON={old}", cwd=bare)
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("Shensu needs Python 3.11 or newer")


def test_without_the_venv_module_one_sentence_says_what_to_do(bare: Path) -> None:
    crippled = bare / "python-without-venv"
    crippled.write_text('#!/bin/sh\ncase "$2" in *venv*) exit 1 ;; esac\nexit 0\n')
    crippled.chmod(0o755)
    done = make("run", f"PYTHON={crippled}", cwd=bare)
    assert done.returncode != 0
    assert "has no venv module: install it" in done.stderr.splitlines()[0]
    assert not (bare / ".venv").exists()
