"""The alarm of a rule that failed: counted and logged for each, with the number of the case and nothing of its content."""

from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from services.decisions import alarms
from services.rules.facts import Params, Tried
from services.rules.jurisdiction.bureau_choice import BureauChoice


def _placed(*tried: Tried) -> BureauChoice:
    return BureauChoice("C330100", "P330000", "330000", "R4", triage=False, tried=tried)


def _count(rule: str) -> float:
    return REGISTRY.get_sample_value("shensu_rule_errors_total", {"rule": rule}) or 0.0


def test_each_rule_that_failed_is_counted_and_logged() -> None:
    before = _count("T1"), _count("T2"), _count("T3")
    failed = [Tried(rule, "error", "RULE_FAILED", Params.of(error="KeyError")) for rule in ("T1", "T2")]
    with capture_logs() as logs:
        alarms.report(_placed(*failed, Tried("T3", "matched", "PLACE")), "20260302000000007")
    assert (_count("T1"), _count("T2"), _count("T3")) == (before[0] + 1, before[1] + 1, before[2])
    assert [(log["event"], log["log_level"], log["rule"], log["number"]) for log in logs] == [
        ("rule_failed", "error", "T1", "20260302000000007"),
        ("rule_failed", "error", "T2", "20260302000000007"),
    ]


def test_what_went_well_raises_no_alarm_and_history_has_no_number() -> None:
    with capture_logs() as logs:
        alarms.report(_placed(Tried("R1", "passed_over", "NOT_ASSIGNED_FROM_ABOVE")), "1")
        alarms.report(_placed(Tried("T1", "error", "RULE_FAILED")), None)
    assert [log["number"] for log in logs] == [None]
