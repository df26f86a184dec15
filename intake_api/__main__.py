"""Runs the intake API: `python -m intake_api`."""

from shared import settings
from shared.http import processes


def main() -> None:
    """Serve until the process is stopped."""
    chosen = settings.load()
    processes.run(
        "intake_api.app:create_app",
        service="intake_api",
        port=chosen.intake_port,
        count=chosen.intake_processes,
        settings=chosen,
    )


if __name__ == "__main__":
    main()
