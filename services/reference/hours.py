"""Office hours as operators write them: `08:30-12:00, 13:30-17:30 on working days`."""

import re
from datetime import time
from itertools import pairwise

_PART_OF_DAY = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})", re.ASCII)
ON_WORKING_DAYS = " on working days"


def office_hours(text: str) -> tuple[tuple[time, time], ...]:
    """Read `08:30-12:00, 13:30-17:30 on working days`. Raises ValueError with the expected form."""
    parts = [_PART_OF_DAY.fullmatch(part) for part in text.removesuffix(ON_WORKING_DAYS).split(", ")]
    matches = [part.groups() for part in parts if part is not None]
    try:
        hours = tuple((time(int(a), int(b)), time(int(c), int(d))) for a, b, c, d in matches)
    except ValueError:
        hours = ()
    moments = [moment for part in hours for moment in part]
    in_order = all(earlier < later for earlier, later in pairwise(moments))
    if not text.endswith(ON_WORKING_DAYS) or len(matches) != len(parts) or not hours or not in_order:
        raise ValueError(f"must read like 08:30-12:00, 13:30-17:30{ON_WORKING_DAYS}")
    return hours
