"""The item of a case by its scans: what they propose with its reason, or nothing; never a finding."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from services.carriers.failing_link import TraceOfCase
from services.reference.data import ReferenceData
from services.rules import tracking
from services.views import item_trace
from services.views.item_trace import ItemTrace
from services.views.language import Language
from services.views.rendering import Rendering
from tests.services.rules.items import CLEAN, START, L, Story, infer, later, scans


def _trace(story: Story, issue: str) -> TraceOfCase:
    """Return the trace of an item as it is read with its case."""
    summary = tracking.summary(tracking.in_order(scans(story)))
    rows: list[Any] = [
        SimpleNamespace(
            event_id=scan.event_id,
            occurred_at=scan.at,
            system="SHENSU",
            code=scan.state,
            state=scan.state,
            region=scan.region,
            outlet=None,
        )
        for scan in scans(story)
    ]
    return TraceOfCase(
        summary.state, summary.latest_scan_at, summary.unknown, infer(story, issue), "T1", rows
    )


def _shown(packaged: ReferenceData, story: Story, language: Language = Language.EN) -> ItemTrace:
    shown = item_trace.of_trace(_trace(story, "DELAY"), Rendering(language, packaged))
    assert shown is not None
    return shown


def test_without_scans_there_is_no_trace(packaged: ReferenceData) -> None:
    assert item_trace.of_trace(None, Rendering(Language.ZH, packaged)) is None


def test_scans_are_shown_in_civil_time_with_the_state_that_they_give(packaged: ReferenceData) -> None:
    shown = _shown(packaged, CLEAN)
    assert (shown.state, shown.unknown, len(shown.scans)) == ("SIGNED", 0, len(CLEAN))
    assert shown.latest_scan_at == START + timedelta(hours=65)
    assert shown.latest_scan_at.utcoffset() == timedelta(hours=8)
    # in time throughout: nothing is proposed, and each rule says why
    assert shown.proposal is None
    assert {tried.outcome for tried in shown.tried} == {"passed_over"}
    assert all(tried.text for tried in shown.tried)


@pytest.mark.parametrize("language", Language)
def test_a_proposal_has_its_link_its_evidence_and_a_reason_in_the_language(
    language: Language, packaged: ReferenceData
) -> None:
    # two days longer at the sorting centre than is usual
    shown = _shown(packaged, later(CLEAN, 4, 72), language)
    proposal = shown.proposal
    assert proposal is not None
    assert (proposal.failing_link, proposal.rule, proposal.version) == (L.SORT, "LK3", "T1")
    assert 0 <= proposal.confidence <= 100
    assert proposal.events
    assert (proposal.code, proposal.values) == (shown.tried[-1].code, shown.tried[-1].values)
    other = _shown(packaged, later(CLEAN, 4, 72), next(each for each in Language if each is not language))
    assert other.proposal is not None
    assert proposal.text != other.proposal.text
