"""Office hours as operators write them: parts of a day in order, on working days, in one form."""

from datetime import time

import pytest

from services.reference.hours import office_hours

DAYS = " on working days"


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("08:30-17:30", ((time(8, 30), time(17, 30)),)),
        ("08:30-12:00, 13:30-17:30", ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))),
        ("00:00-23:59", ((time(0), time(23, 59)),)),
    ],
)
def test_good_hours(text: str, hours: tuple[tuple[time, time], ...]) -> None:
    assert office_hours(text + DAYS) == hours


@pytest.mark.parametrize(
    "text",
    [
        "",
        DAYS,
        "08:30-17:30",
        "8:30-17:30" + DAYS,
        "08:30–17:30" + DAYS,
        "０８:30-17:30" + DAYS,
        "08:30-24:00" + DAYS,
        "08:60-17:30" + DAYS,
        # backwards, empty, overlapping, touching, in the wrong order
        "17:30-08:30" + DAYS,
        "08:30-08:30" + DAYS,
        "08:30-13:00, 12:00-17:30" + DAYS,
        "08:30-12:00, 12:00-17:30" + DAYS,
        "13:30-17:30, 08:30-12:00" + DAYS,
        "08:30-12:00,13:30-17:30" + DAYS,
        "08:30-12:00, " + DAYS,
        "08:30-17:30" + DAYS + DAYS,
    ],
)
def test_what_cannot_be_read_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(ValueError, match="must read like 08:30-12:00, 13:30-17:30 on working days"):
        office_hours(text)
