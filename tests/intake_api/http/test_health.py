"""Health: alive without anything else; ready, degraded or unavailable by what answers; and what there is here."""

from pathlib import Path
from typing import Any

import pytest

from ops.stack import processes
from shared import wakeup
from shared.privacy import keyring
from tests.intake_api.http.conftest import Serve
from tests.running import Stack, wait_for


def _nowhere(scheme: str) -> str:
    return f"{scheme}://nobody@127.0.0.1:{processes.free_port()}/0"


def test_the_index_names_addresses_that_there_are_and_needs_no_key(stack: Stack) -> None:
    index = stack.http.get(f"{stack.intake}/").json()
    description = stack.http.get(f"{stack.intake}{index['description']}").json()
    for path in index["operation"]:
        assert stack.http.get(f"{stack.intake}{path}").status_code == 200
    named = [*index["complaints"], *index["history"], *(f"GET {path}" for path in index["reference"])]
    for method, path in (name.split() for name in named):
        assert method.lower() in description["paths"][path]


def test_ready_when_database_keys_reference_data_and_doorbell_answer(serve: Serve) -> None:
    with serve() as ask:
        answer = ask("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "database": "up",
        "doorbell": "up",
        "reference_version": answer.json()["reference_version"],
    }
    assert answer.json()["reference_version"] >= 1


def test_degraded_without_the_doorbell(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakeup, "LISTEN_SECONDS", 0.05)
    with serve(REDIS_URL=_nowhere("redis")) as ask:

        def _state() -> Any:
            ready = ask("/readyz")
            return ready if ready.json()["status"] == "degraded" else None

        ask("/livez")
        answer = wait_for(_state, "the bell is tried")
    assert (answer.status_code, answer.json()["doorbell"], answer.json()["database"]) == (200, "down", "up")


def test_unavailable_without_the_database_but_alive(serve: Serve) -> None:
    with serve(DATABASE_URL=_nowhere("postgresql")) as ask:
        answer = ask("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "database": "down"})
        assert (ask("/livez").status_code, ask("/livez").json()) == (200, {"status": "alive"})


def test_unavailable_with_keys_of_another_deployment(serve: Serve, tmp_path: Path) -> None:
    keyring.create(tmp_path / "other.json", purpose="test")
    with serve(SHENSU_KEY_FILE=tmp_path / "other.json") as ask:
        answer = ask("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "up")
    assert answer.json()["reason"] == "SealBrokenError"


@pytest.mark.parametrize("name", ["shensu_http_requests_total", "process_resident_memory_bytes"])
def test_measurements_are_those_of_prometheus(name: str, serve: Serve) -> None:
    with serve() as ask:
        ask("/livez")
        answer = ask("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert f"\n# TYPE {name.removesuffix('_total')}" in answer.text
