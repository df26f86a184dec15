"""Rows of cases in tests of what needs no database: a received complaint of Hangzhou, and what a test says of it."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from services.cases.case_row import CaseHead

RECEIVED = datetime(2026, 3, 1, 17, tzinfo=UTC)


def head(**values: Any) -> CaseHead:
    """Return a case with these columns, else as it is after it was routed."""
    columns: dict[str, Any] = {
        "bucket": 7,
        "id": uuid.UUID(int=7),
        "number": "20260302000000007",
        "kind": "CONSUMER_COMPLAINT",
        "version": 3,
        "status": "RECEIVED",
        "level": "L0",
        "carrier_code": "ZTO",
        "handling_bureau": "C330100",
        "supervising_bureau": "P330000",
        "province": "330000",
        "received_at": RECEIVED,
        "total_due_at": RECEIVED + timedelta(days=30),
        "routed_at": RECEIVED + timedelta(seconds=1),
        "accepted_at": None,
        "forwarded_at": None,
        "replied_at": None,
        "refused_at": None,
        "closed_at": None,
        "deadline_version": "2020",
        "claimed_by": None,
        "hotline_orders": 0,
        "moment": RECEIVED + timedelta(days=1),
    }
    return CaseHead(**(columns | values))
