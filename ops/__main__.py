"""`python -m ops`: the command line of the platform's operators."""

import sys

from ops.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
