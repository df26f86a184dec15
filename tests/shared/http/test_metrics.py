"""The answer to Prometheus: of one process, and of all that write into one folder."""

import subprocess
import sys
from pathlib import Path

from shared.http.processes import METRICS_FOLDER

ROOT = Path(__file__).parents[3]
PROGRAM = """
from prometheus_client import Counter
from shared.http import metrics

Counter("of_tests", "What tests count").inc(2)
print(bytes(metrics.answer().body).decode())
"""


def _answers(times: int, environment: dict[str, str]) -> list[str]:
    """Return what so many processes answer, one after the other."""
    command = [sys.executable, "-c", PROGRAM]
    return [
        subprocess.run(
            command, cwd=ROOT, env={"PATH": ""} | environment, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(times)
    ]


def test_a_process_alone_shows_its_own_metrics() -> None:
    answers = _answers(2, {})
    assert all("of_tests_total 2.0\n" in answer for answer in answers)
    assert "process_resident_memory_bytes" in answers[0]


def test_processes_of_one_folder_are_added_up(tmp_path: Path) -> None:
    answers = _answers(2, {METRICS_FOLDER: str(tmp_path)})
    assert "of_tests_total 2.0\n" in answers[0]
    assert "of_tests_total 4.0\n" in answers[1]
