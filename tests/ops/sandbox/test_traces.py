"""Ways of an item: each fails where it is said to, and every scan is one that the platform knows."""

from datetime import datetime, timedelta

import pytest

from ops.sandbox import traces
from ops.sandbox.traces import HANGZHOU, SHENZHEN, WUHAN, Way
from services.carriers.forms import PushedScan
from services.rules import tracking
from services.rules.failing_link import inference
from services.rules.failing_link.scan_rules import ComplaintIssue
from services.rules.tracking import Scan
from shared import clock, serialisation
from shared.vocabulary import FailingLink
from tests.services.rules.items import RULES

L = FailingLink
END = datetime(2026, 3, 9, 12, tzinfo=clock.SHANGHAI)


def _scans(way: Way) -> list[Scan]:
    pushes = [
        PushedScan.model_validate_json(serialisation.to_bytes(scan))
        for scan in traces.scans(way, "1" * 17, END)
    ]
    return [
        Scan(
            scan.occurred_at,
            scan.seq,
            scan.event_id,
            tracking.state_of(scan.system, scan.code),
            scan.region_code,
        )
        for scan in pushes
    ]


@pytest.mark.parametrize(
    ("way", "issue", "detail", "link", "region"),
    [
        (Way.CLEAN, "DELAY", None, None, None),
        (Way.CLEAN, "DELIVERY_SERVICE", "FALSE_SIGN", L.DELIVERY, HANGZHOU),
        (Way.DELAYED, "DELAY", None, L.SORT, WUHAN),
        (Way.LOST, "LOSS_SHORTAGE", "TOTAL_LOSS", L.SORT, WUHAN),
        (Way.LOCKER, "DELIVERY_SERVICE", "LOCKER_NO_CONSENT", L.STATION_LOCKER, HANGZHOU),
        (Way.DAMAGED, "DAMAGE", None, L.SORT, WUHAN),
        (Way.CLEAN, "OVERCHARGE", None, L.COLLECT, SHENZHEN),
    ],
)
def test_items_fail_where_they_are_said_to(
    way: Way, issue: str, detail: str | None, link: L | None, region: str | None
) -> None:
    complaint = ComplaintIssue(issue, detail, END + timedelta(days=1))
    proposal = inference.infer(_scans(way), complaint, RULES).proposal
    assert (proposal.link if proposal else None, proposal.region if proposal else None) == (link, region)


@pytest.mark.parametrize("way", Way)
def test_every_scan_is_known_and_the_last_is_now(way: Way) -> None:
    scans = _scans(way)
    assert max(scan.at for scan in scans) == END
    assert all(scan.state is not tracking.TraceState.UNKNOWN for scan in scans)
