"""Cases for tests of the figures, written straight into the table: a test states only what it is about."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from shared import clock
from shared.database import Database
from shared.models.cases import complaint
from shared.models.figures import dirty_day

EXPRESS = {"business": "EXPRESS", "business_type": "EXPRESS", "carrier_code": "ZTO"}
POSTAL = {"business": "POSTAL", "business_type": "LETTER", "carrier_code": "YZPY"}


def at(text: str) -> datetime:
    """Return a moment of Asia/Shanghai from `2021-03-31 23:59`."""
    return datetime.fromisoformat(f"{text}+08:00")


def case(received_at: datetime, **changes: Any) -> dict[str, Any]:
    """Return a row of an express complaint that was received and nothing more."""
    row: dict[str, Any] = {
        "bucket": 0,
        "id": uuid.uuid4(),
        "number": uuid.uuid4().hex,
        "client_id": uuid.uuid4(),
        "scope": "live",
        "channel": "WEB",
        "status": "RECEIVED",
        "level": "L0",
        **EXPRESS,
        "issue_code": "DELAY",
        "issue_detail_code": None,
        "taxonomy_version": 1,
        "role": "SENDER",
        "agent_authorised": False,
        "elements_complete": True,
        "goods": "ORDINARY",
        "urgency": [],
        "other_procedure": "NONE",
        "received_at": received_at,
        "accept_due_at": received_at + timedelta(days=5),
        "total_due_at": received_at + timedelta(days=30),
        "due_provisional": False,
        "deadline_version": "2020",
        "calendar_version": "1",
        "province": "110000",
        "accepted_at": None,
        "closed_at": None,
        "close_reason": None,
        "responsibility": None,
        "satisfied_administration": None,
        "satisfied_enterprise": None,
        "reply_overdue": False,
        "reply_untruthful": False,
        "recovered_fen": 0,
        "merged_into_bucket": None,
        "merged_into": None,
        "merged_from": None,
    }
    return row | changes


def closed(received_at: datetime, closed_at: datetime, **changes: Any) -> dict[str, Any]:
    """Return a row of a closed complaint; with responsibility ENTERPRISE it is valid."""
    outcome = {
        "accepted_at": received_at,
        "closed_at": closed_at,
        "status": "CLOSED",
        "close_reason": "SETTLED",
    }
    return case(received_at, **(outcome | {"responsibility": "NONE"} | changes))


def merged(received_at: datetime, **changes: Any) -> dict[str, Any]:
    """Return a row of a complaint that was accepted, and is handled with another one since."""
    into = {"merged_into_bucket": 0, "merged_into": uuid.uuid4(), "merged_from": "ACCEPTED"}
    return case(received_at, **({"accepted_at": received_at, "status": "MERGED"} | into | changes))


def moments(row: dict[str, Any]) -> Iterable[datetime]:
    """Return the moments that a case counts at."""
    return (row[name] for name in ("received_at", "accepted_at", "closed_at") if row[name] is not None)


async def put(db: Database, *rows: dict[str, Any]) -> None:
    """Store cases and mark their days, in one transaction, as every change of a case does."""
    days = {clock.civil_day(moment) for row in rows for moment in moments(row)}
    async with db.transaction() as connection:
        await connection.execute(insert(complaint), list(rows))
        await connection.execute(insert(dirty_day), [{"day": day} for day in days])
