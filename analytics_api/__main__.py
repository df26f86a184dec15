"""`python -m analytics_api`: serves figures on the analytics port."""

import uvicorn

from analytics_api.app import create_app
from shared import logging, settings


def main() -> None:
    """Serve until told to stop."""
    wanted = settings.load()
    logging.configure("analytics_api", wanted.log_level)
    uvicorn.run(
        create_app(wanted),
        host=wanted.host,
        port=wanted.analytics_port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


if __name__ == "__main__":
    main()
