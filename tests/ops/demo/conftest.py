"""The complaints of the demo, made once for the tests of a file."""

from typing import Any

import orjson
import pytest

from ops.demo import generate
from ops.demo.margins import FEBRUARY, MARCH, Margins


@pytest.fixture(scope="module", params=[FEBRUARY, MARCH], ids=lambda month: month.name)
def month(request: pytest.FixtureRequest) -> Margins:
    """Return the margins of each month."""
    margins: Margins = request.param
    return margins


@pytest.fixture(scope="module")
def rows(month: Margins) -> list[dict[str, Any]]:
    """Return the complaints of a month."""
    return [orjson.loads(line) for part in generate.parts(month) for line in part.splitlines()]
