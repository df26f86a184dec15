"""The published holidays of 2024 to 2026, and the golden dates that both the calendar and the deadlines are held to."""

from datetime import date, timedelta

import chinese_calendar

from services.rules.deadlines.calendar import WorkingCalendar

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
OFFICIAL = WorkingCalendar(
    "to-2026",
    {
        day: chinese_calendar.is_workday(day)
        for day in (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    },
)
WORKING_DAYS = (
    ("2026-02-13", 1, "2026-02-14"),
    ("2026-02-13", 2, "2026-02-24"),
    ("2026-02-13", 3, "2026-02-25"),
    ("2026-02-13", 5, "2026-02-27"),
    ("2026-02-13", 10, "2026-03-05"),
    ("2026-09-30", 1, "2026-10-08"),
    ("2026-09-30", 3, "2026-10-10"),
    ("2026-09-30", 5, "2026-10-13"),
    ("2026-04-30", 1, "2026-05-06"),
    ("2025-01-24", 1, "2025-01-26"),
    ("2025-01-24", 3, "2025-02-05"),
)
"""The start day of a deadline, its working days, and its last day: rulebook 3.1, measured with chinesecalendar 1.11.0."""
