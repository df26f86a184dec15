"""The alarm of a rule that failed: the next rule decides the case, and an operator has to look."""

import structlog
from prometheus_client import Counter

from services.rules.jurisdiction.bureau_choice import BureauChoice

RULE_ERRORS = Counter(
    "shensu_rule_errors", "Rules that failed and were passed over: look at the log", ["rule"]
)
log = structlog.get_logger()


def report(placed: BureauChoice, number: str | None) -> None:
    """Count and log every rule that failed in a decision; history has no number yet when it is placed."""
    for failed in placed.errors:
        RULE_ERRORS.labels(failed.rule).inc()
        log.error("rule_failed", rule=failed.rule, number=number)
