"""The answer to Prometheus: the metrics of this process, or of all processes that serve the same port."""

import os

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess
from starlette.responses import Response

from shared.http.processes import METRICS_FOLDER


def answer() -> Response:
    """Return the metrics in the text format of Prometheus."""
    registry = REGISTRY
    if METRICS_FOLDER in os.environ:  # noqa: TID251 - the switch of prometheus_client
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # has no types
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
