"""Runs the analytics API: `python -m analytics_api`."""

from analytics_api.app import create_app
from shared import settings
from shared.http import server


def main() -> None:
    """Serve until the process is stopped."""
    chosen = settings.load()
    server.serve(create_app(chosen), service="analytics_api", port=chosen.analytics_port, settings=chosen)


if __name__ == "__main__":
    main()
