"""Runs the routing worker: `python -m routing_worker`."""

from routing_worker.app import create_app
from shared import settings
from shared.http import server


def main() -> None:
    """Run the loops until the process is stopped; serve the health checks at the same time."""
    chosen = settings.load()
    server.serve(create_app(chosen), service="routing_worker", port=chosen.worker_port, settings=chosen)


if __name__ == "__main__":
    main()
