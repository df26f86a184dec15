"""An application served in process for tests: its lifespan runs, and requests reach it without a port."""

import contextlib
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import httpx
from fastapi import FastAPI

from shared.http.middleware import Middleware

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., httpx.Response]


@contextlib.contextmanager
def serving(app: FastAPI, run: Run) -> Iterator[Ask]:
    """Serve an application inside its outermost layer; give a function that sends a request.

    Headers are written as keywords, with `_` for `-`.
    """
    lifespan = app.router.lifespan_context(app)
    run(lifespan.__aenter__())
    client = httpx.AsyncClient(transport=httpx.ASGITransport(Middleware(app)), base_url="http://shensu")

    def ask(
        path: str, *, method: str = "GET", content: bytes | None = None, **headers: str
    ) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        response: httpx.Response = run(client.request(method, path, content=content, headers=sent))
        return response

    try:
        yield ask
    finally:
        run(client.aclose())
        run(lifespan.__aexit__(None, None, None))
