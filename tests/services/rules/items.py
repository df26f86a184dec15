"""Stories of items for tests: what the carrier scanned, when and where, and what the rules say of it."""

from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TypeAlias

from services.rules.failing_link import inference
from services.rules.failing_link.custody import HELD_BY, LinkRules
from services.rules.failing_link.inference import Inference
from services.rules.failing_link.scan_rules import ComplaintIssue
from services.rules.tracking import Scan, TraceState
from shared.vocabulary import FailingLink

T: TypeAlias = TraceState
L: TypeAlias = FailingLink
START = datetime(2026, 3, 2, tzinfo=UTC)
HOURS = MappingProxyType(
    dict.fromkeys(HELD_BY, 24) | {T.IN_TRANSIT: 72, T.DISPATCHED: 48, T.IN_LOCKER_OR_STATION: 24}
)
RULES = LinkRules(
    "T1",
    MappingProxyType(
        {state: hours for state, hours in HOURS.items() if HELD_BY[state] is not L.STATION_LOCKER}
    ),
    50,
)
SHENZHEN, WUHAN, HANGZHOU = "440305", "420100", "330106"
Story = list[tuple[T, float, str | None]]
CLEAN: Story = [
    (T.AWAITING_COLLECTION, 0, SHENZHEN),
    (T.COLLECTED, 4, SHENZHEN),
    (T.DISPATCHED, 8, SHENZHEN),
    (T.AT_SORTING, 14, SHENZHEN),
    (T.IN_TRANSIT, 20, None),
    (T.AT_DESTINATION, 50, HANGZHOU),
    (T.AT_OUTLET, 56, HANGZHOU),
    (T.OUT_FOR_DELIVERY, 60, HANGZHOU),
    (T.SIGNED, 65, HANGZHOU),
]


def scans(story: Story) -> list[Scan]:
    return [
        Scan(START + timedelta(hours=hours), 0, f"e{place}", state, region)
        for place, (state, hours, region) in enumerate(story)
    ]


def infer(
    story: Story, issue: str, detail: str | None = None, *, after_hours: float | None = None
) -> Inference:
    as_of = START + timedelta(hours=after_hours) if after_hours is not None else None
    return inference.infer(scans(story), ComplaintIssue(issue, detail, as_of), RULES)


def later(story: Story, place: int, hours: float) -> Story:
    """Let the item arrive at a place of its story so many hours later, and everywhere after it."""
    return [(state, at + hours * (i >= place), region) for i, (state, at, region) in enumerate(story)]


def link_of(inferred: Inference) -> tuple[str | None, FailingLink | None, str | None]:
    proposal = inferred.proposal
    return (inferred.rule, proposal.link, proposal.region) if proposal is not None else (None, None, None)
