"""What the scans of a case's item say: where it stands, and which link of the chain they point at, for the officer.

It is inferred when somebody asks, from the scans that there are then: what the user complains of, and how long nothing was
heard, are no part of the trace (decision 12). It only proposes; `set-failing-link` and the closing decide.
"""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.carriers import traces
from services.cases.case_row import CaseRow
from services.reference.data import ReferenceData
from services.rules import tracking
from services.rules.failing_link import inference
from services.rules.failing_link.inference import Inference
from services.rules.failing_link.scan_rules import Matter
from shared import clock

_OF_CASE = text(f"""
    SELECT e.* FROM complaint_party p
    JOIN trace_event e ON e.bucket = {traces.bucket_in_sql("p.waybill_index")}
        AND e.carrier_code = :carrier AND e.waybill_index = p.waybill_index
    WHERE p.bucket = :bucket AND p.complaint_id = :id
    ORDER BY e.occurred_at, e.seq, e.event_id
""")  # noqa: S608 - our own expression


async def of_case(
    connection: AsyncConnection, case: CaseRow, reference: ReferenceData
) -> dict[str, Any] | None:
    """Return trace and proposal of a case that `services.cases.lookup` read; None without scans. One statement."""
    keys = {"carrier": case.carrier_code, "bucket": case.bucket, "id": case.id}
    rows = (await connection.execute(_OF_CASE, keys)).all()
    if not rows:
        return None
    scans = tracking.in_order(traces.scan_of(row, reference) for row in rows)
    said = tracking.summary(scans)
    matter = Matter(case.issue_code, case.issue_detail_code, case.moment)
    return {
        "state": said.state,
        "heard_at": said.heard_at.astimezone(clock.SHANGHAI),
        "unknown": said.unknown,
        "proposal": _proposal(inferred := inference.infer(scans, matter, reference.failing_link), reference),
        "tried": [(rule.rule, rule.outcome, rule.reason) for rule in inferred.tried],
        "scans": [_shown(row) for row in rows],
    }


def _proposal(inferred: Inference, reference: ReferenceData) -> dict[str, Any] | None:
    finding = inferred.finding
    if finding is None:
        return None
    return {
        "failing_link": finding.link,
        "region": finding.region,
        "confidence": finding.confidence,
        "rule": inferred.rule,
        "version": reference.failing_link.version,
        "events": finding.events,
        "words": finding.words,
    }


def _shown(row: Any) -> dict[str, Any]:
    return {
        "event_id": row.event_id,
        "occurred_at": row.occurred_at.astimezone(clock.SHANGHAI),
        "system": row.system,
        "code": row.code,
        "state": row.state,
        "region": row.region,
        "outlet": row.outlet,
    }
