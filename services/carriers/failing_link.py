"""The scans of a case's item: its state, and the failing link that they propose to the officer.

The link is inferred when the case is read, from the scans stored by then: the issue of the complaint, and the time since
the last scan, are no part of the trace (decision 12). It only proposes; `set-failing-link` and the closing decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.carriers import traces
from services.carriers.traces import TraceEvent
from services.cases.case_row import CaseRow
from services.reference.data import ReferenceData
from services.rules import tracking
from services.rules.failing_link import inference
from services.rules.failing_link.inference import Inference
from services.rules.failing_link.scan_rules import ComplaintIssue
from services.rules.tracking import TraceState

_OF_CASE = text(f"""
    SELECT {traces.event_columns("e")} FROM complaint_party p
    JOIN trace_event e ON e.bucket = {traces.bucket_in_sql("p.waybill_index")}
        AND e.carrier_code = :carrier AND e.waybill_index = p.waybill_index
    WHERE p.bucket = :bucket AND p.complaint_id = :id
    ORDER BY e.occurred_at, e.seq, e.event_id
""")  # noqa: S608 - our own expression


@dataclass(frozen=True, slots=True)
class TraceOfCase:
    """The scans of a case's item as they are stored, the state that they give, and the link that they propose."""

    state: TraceState
    latest_scan_at: datetime
    unknown: int
    inference: Inference
    version: str
    """Version of the rules that inferred the link."""
    scans: Sequence[TraceEvent]


async def of_case(connection: AsyncConnection, case: CaseRow, reference: ReferenceData) -> TraceOfCase | None:
    """Return trace and proposal of a case that `services.cases.lookup` read; None without scans. One statement."""
    keys = {"carrier": case.carrier_code, "bucket": case.bucket, "id": case.id}
    rows = [TraceEvent._make(row) for row in await connection.execute(_OF_CASE, keys)]
    if not rows:
        return None
    scans = tracking.in_order(traces.scan_of(row, reference) for row in rows)
    summary = tracking.summary(scans)
    issue = ComplaintIssue(case.issue_code, case.issue_detail_code, case.moment)
    return TraceOfCase(
        state=summary.state,
        latest_scan_at=summary.latest_scan_at,
        unknown=summary.unknown,
        inference=inference.infer(scans, issue, reference.failing_link),
        version=reference.failing_link.version,
        scans=rows,
    )
