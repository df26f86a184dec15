"""The item of a case by its scans, as an officer reads it: its state, its scans, and the failing link that they propose."""

from pydantic import Field

from services.carriers.failing_link import TraceOfCase
from services.fields import CivilTime, View
from services.views.explanation import TriedRule
from services.views.rendering import Rendering
from shared.vocabulary import FailingLink


class ProposedLink(View):
    """The link of the enterprise's chain that the scans propose: never a finding."""

    failing_link: FailingLink
    region: str | None
    confidence: int = Field(description="From 0 to 100.")
    rule: str
    version: str
    events: list[str] = Field(description="The scans that show it.")
    code: str = Field(description="The reason, as a code that never changes.")
    values: dict[str, str | int] = Field(description="The values in the text.")
    text: str = Field(description="The reason in the language of the answer.")


class TraceScan(View):
    """A scan of the item."""

    event_id: str
    occurred_at: CivilTime
    system: str
    code: str
    state: str
    region: str | None
    outlet: str | None


class ItemTrace(View):
    """The scans of the item, and what they propose."""

    state: str
    latest_scan_at: CivilTime = Field(description="Moment of the latest scan.")
    unknown: int = Field(description="Scans whose code is not known.")
    proposal: ProposedLink | None
    tried: list[TriedRule] = Field(description="Each rule that was tried, in order.")
    scans: list[TraceScan]


def of_trace(trace: TraceOfCase | None, rendering: Rendering) -> ItemTrace | None:
    """Return the trace of a case's item with its texts; None where there are no scans."""
    if trace is None:
        return None
    return ItemTrace(
        state=trace.state,
        latest_scan_at=trace.latest_scan_at,
        unknown=trace.unknown,
        proposal=_proposal(trace, rendering),
        tried=[
            rendering.tried_rule(rule.rule, rule.outcome, rule.reason, dict(rule.params))
            for rule in trace.inference.tried
        ],
        scans=[TraceScan.model_validate(scan) for scan in trace.scans],
    )


def _proposal(trace: TraceOfCase, rendering: Rendering) -> ProposedLink | None:
    proposal, rule = trace.inference.proposal, trace.inference.rule
    if proposal is None or rule is None:
        return None
    return ProposedLink(
        failing_link=proposal.link,
        region=proposal.region,
        confidence=proposal.confidence,
        rule=rule,
        version=trace.version,
        events=list(proposal.events),
        code=proposal.reason,
        values=dict(proposal.params),
        text=rendering.reason(proposal.reason, dict(proposal.params)),
    )
