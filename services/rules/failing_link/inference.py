"""Which link of the enterprise's chain failed, inferred from the scans: a proposal with evidence, never a finding.

揽收 分拣 干线 派送 驿站快递柜 客服. An officer decides; only that counts in figures. Every rule is a project rule [P]. They
are tried in order; the first that finds something proposes. A rule that fails is recorded and the next one tried.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from services.rules.facts import Params, Tried
from services.rules.failing_link import custody, scan_rules
from services.rules.failing_link.codes import LinkCode
from services.rules.failing_link.custody import LinkRules
from services.rules.failing_link.scan_rules import ComplaintIssue, LinkAnswer, LinkProposal, Trace
from services.rules.jurisdiction.bureau_choice import ISSUES_ON_THE_WAY
from services.rules.tracking import Scan, in_order


class InferenceRule(NamedTuple):
    """One row of the table: for which issues, and what it answers."""

    id: str
    issues: frozenset[str]
    apply: Callable[[Trace, ComplaintIssue], LinkAnswer]


@dataclass(frozen=True, slots=True)
class Inference:
    """What is proposed, or nothing (`link` None), by which rule, and every rule that was tried."""

    proposal: LinkProposal | None
    rule: str | None
    tried: tuple[Tried, ...]


_DELAY, _LOSS, _DAMAGE = frozenset({"DELAY"}), frozenset({"LOSS_SHORTAGE"}), frozenset({"DAMAGE"})
_SERVICE, _POSTING = frozenset({"DELIVERY_SERVICE"}), frozenset({"ACCEPTANCE_SERVICE", "OVERCHARGE"})
RULES: tuple[InferenceRule, ...] = (
    InferenceRule("LK1", _DELAY, scan_rules.missorted),
    InferenceRule("LK2", _DELAY, scan_rules.stage_named),
    InferenceRule("LK3", _DELAY, scan_rules.longest_gap),
    InferenceRule("LK4", _DELAY, scan_rules.standstill),
    InferenceRule("LK5", _LOSS, scan_rules.silence),
    InferenceRule("LK6", _LOSS, scan_rules.signed_but_missing),
    InferenceRule("LK7", _DAMAGE, scan_rules.damage_scan),
    InferenceRule("LK8", _SERVICE, scan_rules.station),
    InferenceRule("LK9", _SERVICE, scan_rules.signature),
    InferenceRule("LK10", _SERVICE, scan_rules.delivery),
    InferenceRule("LK11", _POSTING, scan_rules.collection),
    InferenceRule("LK12", _LOSS | _DAMAGE, scan_rules.compensation),
)


def infer(
    scans: Sequence[Scan], issue: ComplaintIssue, rules: LinkRules, table: tuple[InferenceRule, ...] = RULES
) -> Inference:
    """Return what the scans of an item propose for an issue. Never fails; `table` is the rules to go by."""
    return _infer(_trace(scans, rules, issue.as_of), issue, table)


def _trace(scans: Sequence[Scan], rules: LinkRules, as_of: datetime | None) -> Trace:
    ordered = in_order(scans)
    return Trace(ordered, custody.stretches(ordered, rules, as_of))


def _infer(trace: Trace, issue: ComplaintIssue, table: tuple[InferenceRule, ...]) -> Inference:
    tried: list[Tried] = []
    for rule in table:
        answer = _attempt(rule, trace, issue)
        if isinstance(answer, LinkProposal):
            tried.append(Tried(rule.id, "matched", answer.reason, answer.params))
            return Inference(answer, rule.id, tuple(tried))
        tried.append(answer)
    return Inference(None, None, tuple(tried))


def _attempt(rule: InferenceRule, trace: Trace, issue: ComplaintIssue) -> LinkProposal | Tried:
    if issue.code not in rule.issues:
        return _passed_over(rule.id, LinkCode.NOT_THIS_ISSUE)
    try:
        answer = rule.apply(trace, issue)
    except Exception as error:  # noqa: BLE001 - one rule that is wrong must not hide what the others find
        return Tried(rule.id, "error", LinkCode.RULE_FAILED, Params.of(error=type(error).__name__))
    return answer if isinstance(answer, LinkProposal) else _passed_over(rule.id, answer)


@lru_cache(maxsize=256)
def _passed_over(rule: str, reason: LinkCode) -> Tried:
    # the reasons are few: one record serves them all
    return Tried(rule, "passed_over", reason)


def regions(scans: Sequence[Scan], rules: LinkRules) -> dict[str, str]:
    """Return where delay, loss and damage belong by the scans alone, where that is sure enough to route a case by."""
    trace = _trace(scans, rules, None)
    proposals = {
        code: _infer(trace, ComplaintIssue(code), RULES).proposal for code in sorted(ISSUES_ON_THE_WAY)
    }
    return {
        code: proposal.region
        for code, proposal in proposals.items()
        if proposal is not None
        and proposal.region is not None
        and proposal.confidence >= rules.routing_confidence
    }
