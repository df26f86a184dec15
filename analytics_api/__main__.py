"""Runs the analytics API: `python -m analytics_api`."""

from shared import settings
from shared.http import processes


def main() -> None:
    """Serve until the process is stopped."""
    chosen = settings.load()
    processes.run(
        "analytics_api.app:create_app",
        service="analytics_api",
        port=chosen.analytics_port,
        count=1,
        settings=chosen,
    )


if __name__ == "__main__":
    main()
