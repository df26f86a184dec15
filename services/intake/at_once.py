"""The decision at once: a case is routed, accepted and forwarded before it is stored, so that it is stored once.

Where the filing and the reference data suffice, nothing is gained by a second transaction. What needs more is left to the
worker by a task: a case whose waybill came before, for it may be a repetition; a stoppage of a network, which is counted
over cases; an order of a hotline; whatever a rule fails at. `services.intake.fast_path` tells which is which.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog

from services.cases import opened_case
from services.cases.changes import CaseChange, WorkerContext
from services.cases.new_case import NewCase
from services.cases.opened_case import OpenedCase
from services.decisions import decide, facts, machine_steps
from services.decisions.decide import RoutingDecision
from services.intake.preparation import Prepared
from services.intake.receipts import Numbered
from services.reference.data import ReferenceData
from services.rules.facts import CaseFacts
from shared import bulk
from shared.vocabulary import Urgency

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Decided:
    """The filings of one transaction that were decided at once, by case id, and the rows that come with them."""

    cases: Mapping[uuid.UUID, OpenedCase] = field(default_factory=dict)
    parts: Sequence[bulk.Part] = ()
    routed: Sequence[tuple[RoutingDecision, str]] = ()
    forwarded: Sequence[CaseChange] = ()

    def report(self) -> None:
        """Count what was decided, after the commit."""
        for decision, number in self.routed:
            machine_steps.report_routed(decision, number)
        for change in self.forwarded:
            machine_steps.report_forwarded(change)


def may_be_decided(filing: Prepared) -> bool:
    """Tell whether a filing suffices to decide on its case, as far as it tells itself: other cases may still bear on it."""
    columns = filing.facts
    return columns is not None and Urgency.NETWORK_STOPPAGE not in columns.urgency and not filing.also


def take(filings: Sequence[Numbered], reference: ReferenceData, moment: datetime) -> Decided:
    """Route, accept and forward new cases as far as the rules allow. Where a rule fails, the worker decides them all."""
    if not filings:
        return Decided()
    try:
        return _decided(filings, reference, moment)
    except Exception:
        # an edge: a fault in a rule never refuses a complaint; the worker finds the case, an operator sees the log
        log.exception("decision_at_once_failed", count=len(filings))
        return Decided()


def _decided(filings: Sequence[Numbered], reference: ReferenceData, moment: datetime) -> Decided:
    context = WorkerContext(reference)
    cases = [_begin(filing, moment) for filing in filings]
    case_facts = [_facts(filing.prepared, reference) for filing in filings]
    decisions = [decide.route(each, reference) for each in case_facts]
    routed = [
        machine_steps.routed(case.head, each, decision, reference)
        for case, each, decision in zip(cases, case_facts, decisions, strict=True)
    ]
    plans = opened_case.follow(cases, routed, context, partial(machine_steps.next_change, reference))
    numbers = [filing.number for filing in filings]
    return Decided(
        {case.head.id: case for case in cases},
        plans.parts,
        list(zip(decisions, numbers, strict=True)),
        plans.followed,
    )


def _begin(filing: Numbered, moment: datetime) -> OpenedCase:
    prepared = filing.prepared
    row: NewCase = {**prepared.complaint, "number": filing.number}
    # the database's clock may be a little behind that of the process that noted the receipt
    return opened_case.begin(row, prepared.deadlines, max(moment, row["received_at"]))


def _facts(filing: Prepared, reference: ReferenceData) -> CaseFacts:
    assert filing.facts is not None  # noqa: S101 - only live filings are decided
    return facts.facts(filing.facts, reference)
