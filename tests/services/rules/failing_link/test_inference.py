"""The table of the rules of failing links: what is recorded, what a case is routed by, and the laws for any scans."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.failing_link import custody, inference
from services.rules.failing_link.custody import HELD_BY
from services.rules.failing_link.inference import InferenceRule
from services.rules.failing_link.scan_rules import ComplaintIssue, LinkAnswer
from tests.services.rules.items import (
    CLEAN,
    HANGZHOU,
    RULES,
    SHENZHEN,
    START,
    WUHAN,
    L,
    Story,
    T,
    infer,
    later,
    scans,
)


@pytest.mark.parametrize("issue", ["OTHER", "COD", "SOMETHING_NEW"])
def test_of_other_issues_scans_tell_nothing(issue: str) -> None:
    inferred = infer(later(CLEAN, 4, 500), issue)
    assert inferred.proposal is None
    assert {rule.reason for rule in inferred.tried} == {"NOT_THIS_ISSUE"}


def test_a_rule_that_fails_hides_nothing() -> None:
    def broken(*_: object) -> LinkAnswer:
        raise ZeroDivisionError

    table = (InferenceRule("LK0", frozenset({"DELAY"}), broken), *inference.RULES)
    inferred = inference.infer(scans(later(CLEAN, 4, 100)), ComplaintIssue("DELAY"), RULES, table)
    assert (inferred.tried[0].rule, inferred.tried[0].outcome, inferred.rule) == ("LK0", "error", "LK3")


def test_a_case_is_routed_only_by_what_is_sure_enough() -> None:
    late = later(CLEAN, 4, 100)
    assert inference.regions(scans(late), RULES) == {"DELAY": SHENZHEN, "LOSS_SHORTAGE": HANGZHOU}
    # where the item merely stands is not sure enough for a delay
    assert inference.regions(scans(CLEAN[:4]), RULES) == {"LOSS_SHORTAGE": SHENZHEN}
    assert inference.regions(scans([(T.AT_SORTING, 0, None), (T.IN_TRANSIT, 300, None)]), RULES) == {}


ISSUES = [
    "DELAY",
    "LOSS_SHORTAGE",
    "DAMAGE",
    "DELIVERY_SERVICE",
    "ACCEPTANCE_SERVICE",
    "OVERCHARGE",
    "COD",
    "OTHER",
]
DETAILS = [
    None,
    "TRANSIT_DELAY",
    "DELIVERY_DELAY",
    "PICKUP_DELAY",
    "TOTAL_LOSS",
    "CONTENT_SHORTAGE",
    "NOT_COMPENSATED",
    "DAMAGE_COMP_AMOUNT",
    "FALSE_SIGN",
    "PROXY_SIGN",
    "LOCKER_NO_CONSENT",
    "ATTITUDE",
    "FALSE_PICKUP",
]
ANY = st.lists(
    st.tuples(st.sampled_from(T), st.integers(0, 2_000), st.sampled_from([None, SHENZHEN, WUHAN, HANGZHOU])),
    min_size=1,
    max_size=15,
)
MATTERS = st.builds(
    ComplaintIssue,
    st.sampled_from(ISSUES),
    st.sampled_from(DETAILS),
    st.none() | st.integers(0, 3_000).map(lambda hours: START + timedelta(hours=hours)),
)


@given(ANY, MATTERS, st.permutations(range(15)))
def test_any_scans_give_a_sound_proposal_whatever_their_order(
    story: Story, issue: ComplaintIssue, order: list[int]
) -> None:
    item_scans = scans(story)
    inferred = inference.infer(item_scans, issue, RULES)
    mixed = [item_scans[place] for place in order if place < len(item_scans)] * 2
    assert inference.infer(mixed, issue, RULES) == inferred
    # no rule fails on any scans
    assert {rule.outcome for rule in inferred.tried} <= {"matched", "passed_over"}
    proposal = inferred.proposal
    if proposal is not None:
        assert 5 <= proposal.confidence <= 90
        assert set(proposal.events) <= {scan.event_id for scan in item_scans}
        assert proposal.region in {None, *(region for _, _, region in story)}
        assert proposal.link in HELD_BY.values() or proposal.link is L.CUSTOMER_SERVICE
        assert issue.code in next(rule.issues for rule in inference.RULES if rule.id == inferred.rule)


@given(ANY)
def test_stretches_do_not_overlap_and_each_is_held_by_its_link(story: Story) -> None:
    ordered = sorted(scans(story), key=lambda scan: scan[:3])
    parts = custody.stretches(ordered, RULES)
    for stretch, after in itertools.pairwise(parts):
        assert stretch.after is not None
        assert stretch.after[:3] <= after.scan[:3]
    assert all(stretch.link is HELD_BY[stretch.scan.state] for stretch in parts)
