"""Runs the intake API: `python -m intake_api`."""

from intake_api.app import create_app
from shared import settings
from shared.http import server


def main() -> None:
    """Serve until the process is stopped."""
    chosen = settings.load()
    server.serve(create_app(chosen), service="intake_api", port=chosen.intake_port, settings=chosen)


if __name__ == "__main__":
    main()
