"""Runs the routing worker: `python -m routing_worker`."""

from shared import settings
from shared.http import processes


def main() -> None:
    """Run the loops until the process is stopped; serve the health checks at the same time."""
    chosen = settings.load()
    processes.run(
        "routing_worker.app:create_app",
        service="routing_worker",
        port=chosen.worker_port,
        count=chosen.worker_processes,
        settings=chosen,
    )


if __name__ == "__main__":
    main()
