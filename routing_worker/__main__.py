"""Runs the routing worker: `python -m routing_worker`."""

from routing_worker.app import create_app
from shared import settings
from shared.http import server


def main() -> None:
    """Work until the process is told to stop; its health is served beside the work."""
    chosen = settings.load()
    server.serve(create_app(chosen), service="routing_worker", port=chosen.worker_port, settings=chosen)


if __name__ == "__main__":
    main()
