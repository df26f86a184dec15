"""What an answer to a webhook means, and when the next attempt is due (Standard Webhooks). No database, no clock."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

WAITS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Before each attempt, as Standard Webhooks recommends. After the last one, three days on, a message is dead."""
ATTEMPTS = len(WAITS)
REFUSALS = 4
"""So often a message is tried that the receiver refuses for good: half an hour, in which it may mend its fault."""
LONGEST_WISH = timedelta(hours=24)
"""A receiver that asks for more time than this (Retry-After) gets this much."""
OPENS_AFTER = 5
"""Failures in a row after which a receiver is left alone but for one probe at a time."""
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(minutes=5)
_JITTER = 0.2
_TIMEOUT, _CONFLICT, _TOO_EARLY, _TOO_MANY, _GONE, _UNAVAILABLE = 408, 409, 425, 429, 410, 503


class Verdict(StrEnum):
    """What became of an attempt: delivered; failed, and may succeed later; refused for good; the receiver is gone."""

    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    REFUSED = "REFUSED"
    GONE = "GONE"


def verdict(status: int | None) -> Verdict:
    """Judge an answer by its status; None: there was none. A redirect is a failure, and followed by nobody."""
    hundreds = (status or 0) // 100
    if hundreds == 2:  # noqa: PLR2004 - the class of success
        return Verdict.DELIVERED
    if status == _GONE:
        return Verdict.GONE
    if hundreds == 4 and status not in {_TIMEOUT, _CONFLICT, _TOO_EARLY, _TOO_MANY}:  # noqa: PLR2004 - the class of refusals
        return Verdict.REFUSED
    return Verdict.FAILED


def is_last(attempts: int, judged: Verdict) -> bool:
    """Tell whether a message is dead after so many attempts, the last of which was judged so."""
    return attempts >= (REFUSALS if judged is Verdict.REFUSED else ATTEMPTS)


def wait_after(attempts: int, wish: timedelta | None = None) -> timedelta:
    """Return how long to wait after so many attempts: by the schedule, spread a little, but as long as was asked for."""
    scheduled: timedelta = WAITS[min(attempts, ATTEMPTS - 1)] * (1 + _JITTER * random.random())  # noqa: S311 - spreads retries
    return max(scheduled, wish or timedelta(0))


def wish_of(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return the time that a receiver asks for (Retry-After, in seconds or as a date), at most a day; None: for none."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        # more digits than a day has seconds are a day
        return min(timedelta(seconds=int(text[:9])), LONGEST_WISH)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta(0)), LONGEST_WISH)


def is_rest(status: int | None) -> bool:
    """Report whether a `Retry-After` with this status applies to all messages of the receiver, not to one."""
    return status in {_TOO_MANY, _UNAVAILABLE}


def after(
    failures: int, *, succeeded: bool, failed: int, rest: timedelta | None
) -> tuple[int, timedelta | None]:
    """Return the failures in a row after some attempts, and for how long to leave the receiver alone; None: go on.

    Attempts under way together count as far as the number that opens; from then on each failed probe lengthens the pause.
    """
    if succeeded:
        return 0, rest
    now = failures + 1 if failures >= OPENS_AFTER else min(failures + failed, OPENS_AFTER)
    if now < OPENS_AFTER:
        return now, rest
    doubled: timedelta = min(_FIRST_PAUSE * 2 ** min(now - OPENS_AFTER, 10), _LONGEST_PAUSE)
    return now, max(doubled, rest or doubled)
