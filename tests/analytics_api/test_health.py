"""The process's own addresses: alive, ready with the age of the figures, and measured; none needs a key."""

from collections.abc import Callable
from pathlib import Path

import httpx

from analytics_api.app import create_app
from ops.stack import processes
from shared.settings import Settings
from tests.asgi import Run, serving

Get = Callable[..., httpx.Response]


def test_index_needs_no_key(get: Get) -> None:
    body = get("/", authorization="").json()
    assert body["description"] == "/openapi.json"
    for path in body["operation"]:
        assert get(path, authorization="").status_code == 200


def test_readiness_tells_the_age_of_the_figures(get: Get) -> None:
    assert get("/readyz").json() == {
        "status": "ready",
        "database": "up",
        "figures_version": 0,
        "figures_as_of": None,
    }


def test_metrics_name_routes_and_never_paths(get: Get) -> None:
    get("/v1/circulars/1999-07")
    text_of = get("/metrics").text
    assert 'route="/v1/circulars/{period}"' in text_of
    assert "1999-07" not in text_of


def test_unavailable_without_the_database_but_alive(key_path: Path, run: Run) -> None:
    url = f"postgresql://nobody@127.0.0.1:{processes.free_port()}/nothing"
    settings = Settings.model_validate({"DATABASE_URL": url, "SHENSU_KEY_FILE": key_path})
    with serving(create_app(settings), run) as ask:
        answer = ask("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "database": "down"})
        assert ask("/livez").json() == {"status": "alive"}
