"""The eight conditions on which a case is accepted (受理), checked in the order of the law, all of them.

Source: 邮政业用户申诉处理办法 (2020) arts 2, 8-10, with the finer words of 2014 art. 9 (rulebook 1.2).
It only proposes a ground of refusal: a machine refuses nobody, a named officer decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from services.rules.deadlines.counting import civil_day
from services.rules.facts import NO_PARAMS, CaseFacts, Params, Tried
from shared.vocabulary import EnterpriseOutcome, OtherProcedure, RefusalGround, Role


@dataclass(frozen=True, slots=True)
class AdmissionRules:
    """One version of the periods of admission: the enterprise's own time to answer (days), and the time bar (years)."""

    version: str = "2020"
    enterprise_window_days: int = 7
    time_bar_years: int = 1


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether every check passed; if not, the ground of the first that failed; and all eight, in order."""

    passed: bool
    proposed_ground: RefusalGround | None
    checks: tuple[Tried, ...]


class CheckResult(NamedTuple):
    """The result of one check: its record, and the ground of refusal (rulebook 1.3) where it failed."""

    tried: Tried
    ground: RefusalGround | None


class AdmissionReason(StrEnum):
    """Why a check passed or failed; the texts stand in `services.views.decision_texts`."""

    IN_SCOPE = "IN_SCOPE"
    ENTERPRISE_NOT_NAMED_YET = "ENTERPRISE_NOT_NAMED_YET"
    NOT_SUPERVISED = "NOT_SUPERVISED"
    USER_OF_THE_SERVICE = "USER_OF_THE_SERVICE"
    AGENT_AUTHORISED = "AGENT_AUTHORISED"
    AGENT_NOT_AUTHORISED = "AGENT_NOT_AUTHORISED"
    CLEAR_MATTER = "CLEAR_MATTER"
    NO_ENTERPRISE_NAMED = "NO_ENTERPRISE_NAMED"
    CAUSE_OR_REQUEST_MISSING = "CAUSE_OR_REQUEST_MISSING"
    DISSATISFIED = "DISSATISFIED"
    CHANNEL_BLOCKED = "CHANNEL_BLOCKED"
    ENTERPRISE_WINDOW_PASSED = "ENTERPRISE_WINDOW_PASSED"
    NO_COMPLAINT_TO_ENTERPRISE = "NO_COMPLAINT_TO_ENTERPRISE"
    DAY_OF_COMPLAINT_UNKNOWN = "DAY_OF_COMPLAINT_UNKNOWN"
    ENTERPRISE_WINDOW_OPEN = "ENTERPRISE_WINDOW_OPEN"
    NOT_A_REPETITION = "NOT_A_REPETITION"
    SAME_MATTER = "SAME_MATTER"
    NO_OTHER_PROCEDURE = "NO_OTHER_PROCEDURE"
    OTHER_PROCEDURE = "OTHER_PROCEDURE"
    IN_TIME = "IN_TIME"
    DAY_OF_POSTING_UNKNOWN = "DAY_OF_POSTING_UNKNOWN"
    TIME_BARRED = "TIME_BARRED"
    NOT_SHOWN_FALSE = "NOT_SHOWN_FALSE"


Check = Callable[[CaseFacts, AdmissionRules], CheckResult]


def _passed(check: str, reason: AdmissionReason) -> CheckResult:
    return CheckResult(Tried(check, "passed", reason), None)


def _failed(
    check: str, ground: RefusalGround, reason: AdmissionReason, params: Params = NO_PARAMS
) -> CheckResult:
    return CheckResult(Tried(check, "failed", reason, params), ground)


_IN_SCOPE = _passed("A1", AdmissionReason.IN_SCOPE)
_NOT_NAMED = _passed("A1", AdmissionReason.ENTERPRISE_NOT_NAMED_YET)
_OUT_OF_SCOPE = _failed("A1", RefusalGround.OUT_OF_SCOPE, AdmissionReason.NOT_SUPERVISED)


def subject_in_scope(facts: CaseFacts, _rules: AdmissionRules) -> CheckResult:
    """Check 1 (2020 art. 8 [V2]): postal and express service; savings and logistics are outside."""
    if not facts.carrier_code:
        return _NOT_NAMED
    return _IN_SCOPE if facts.carrier_in_scope else _OUT_OF_SCOPE


_INTERESTED = _passed("A2", AdmissionReason.USER_OF_THE_SERVICE)
_AUTHORISED = _passed("A2", AdmissionReason.AGENT_AUTHORISED)
_NOT_AUTHORISED = _failed("A2", RefusalGround.AGENT_NOT_AUTHORISED, AdmissionReason.AGENT_NOT_AUTHORISED)


def interested_party(facts: CaseFacts, _rules: AdmissionRules) -> CheckResult:
    """Check 2 (2020 arts 2, 10 [V1, V3]): a user, or an agent with an authorisation.

    Only an officer can find that a declared sender or addressee is none (NOT_INTERESTED_PARTY).
    """
    if facts.role != Role.AGENT:
        return _INTERESTED
    return _AUTHORISED if facts.agent_authorised else _NOT_AUTHORISED


_CLEAR = _passed("A3", AdmissionReason.CLEAR_MATTER)
_NO_RESPONDENT = _failed("A3", RefusalGround.NO_CLEAR_RESPONDENT, AdmissionReason.NO_ENTERPRISE_NAMED)
_NO_ELEMENTS = _failed("A3", RefusalGround.MISSING_ELEMENTS, AdmissionReason.CAUSE_OR_REQUEST_MISSING)


def clear_matter(facts: CaseFacts, _rules: AdmissionRules) -> CheckResult:
    """Check 3 (2020 art. 9(1) [V3]; 2014 art. 9(3) [V1]): a clear target, cause and request."""
    if not facts.carrier_code:
        return _NO_RESPONDENT
    return _CLEAR if facts.has_cause_and_request else _NO_ELEMENTS


_DISSATISFIED = _passed("A4", AdmissionReason.DISSATISFIED)
_BLOCKED = _passed("A4", AdmissionReason.CHANNEL_BLOCKED)
_UNANSWERED = _passed("A4", AdmissionReason.ENTERPRISE_WINDOW_PASSED)
_NOT_COMPLAINED = _failed(
    "A4", RefusalGround.NOT_COMPLAINED_TO_ENTERPRISE, AdmissionReason.NO_COMPLAINT_TO_ENTERPRISE
)
_UNDATED = _failed("A4", RefusalGround.ENTERPRISE_WINDOW_OPEN, AdmissionReason.DAY_OF_COMPLAINT_UNKNOWN)


def enterprise_first(facts: CaseFacts, rules: AdmissionRules) -> CheckResult:
    """Check 4 (2020 art. 9(2) [V3]; 2014 art. 9(4) [V1]): the enterprise was asked first.

    Passed when dissatisfied, when over 7 days went by (快递暂行条例 [V1]), or when its channel was blocked.
    """
    match facts.enterprise_outcome:
        case EnterpriseOutcome.DISSATISFIED:
            return _DISSATISFIED
        case EnterpriseOutcome.CHANNEL_BLOCKED:
            return _BLOCKED
        case None | EnterpriseOutcome.NOT_COMPLAINED:
            return _NOT_COMPLAINED
    if facts.enterprise_complained_on is None:
        return _UNDATED
    days = (civil_day(facts.received_at) - facts.enterprise_complained_on).days
    if days > rules.enterprise_window_days:
        return _UNANSWERED
    window = Params.of(days=days, window=rules.enterprise_window_days)
    return _failed("A4", RefusalGround.ENTERPRISE_WINDOW_OPEN, AdmissionReason.ENTERPRISE_WINDOW_OPEN, window)


_NOT_TAKEN = _passed("A5", AdmissionReason.NOT_A_REPETITION)


def not_taken_already(facts: CaseFacts, _rules: AdmissionRules) -> CheckResult:
    """Check 5 (2020 art. 9(3) [V3]; 2014 art. 9(5) [V1]): not the same target and cause again."""
    if facts.same_matter_number is None:
        return _NOT_TAKEN
    earlier = Params.of(number=facts.same_matter_number)
    return _failed("A5", RefusalGround.DUPLICATE, AdmissionReason.SAME_MATTER, earlier)


_NO_PROCEDURE = _passed("A6", AdmissionReason.NO_OTHER_PROCEDURE)


def no_other_procedure(facts: CaseFacts, _rules: AdmissionRules) -> CheckResult:
    """Check 6 (2020 art. 9(4) [V3]; 2014 art. 9(7) [V1]): not in court, arbitration, ruling or inquiry."""
    if facts.other_procedure == OtherProcedure.NONE:
        return _NO_PROCEDURE
    procedure = Params.of(procedure=facts.other_procedure)
    return _failed("A6", RefusalGround.IN_OTHER_PROCEDURE, AdmissionReason.OTHER_PROCEDURE, procedure)


_IN_TIME = _passed("A7", AdmissionReason.IN_TIME)
_NO_POSTING_DAY = _passed("A7", AdmissionReason.DAY_OF_POSTING_UNKNOWN)


def within_time(facts: CaseFacts, rules: AdmissionRules) -> CheckResult:
    """Check 7 (2014 art. 9(6) [V1]; not seen in the 2020 text, kept as default [P]): a year from posting."""
    if facts.mailed_on is None:
        return _NO_POSTING_DAY
    last = _anniversary(facts.mailed_on, rules.time_bar_years)
    if civil_day(facts.received_at) <= last:
        return _IN_TIME
    days = Params.of(posted=facts.mailed_on.isoformat(), last=last.isoformat())
    return _failed("A7", RefusalGround.TIME_BARRED, AdmissionReason.TIME_BARRED, days)


_NOT_SHOWN_FALSE = _passed("A8", AdmissionReason.NOT_SHOWN_FALSE)


def not_shown_false(_facts: CaseFacts, _rules: AdmissionRules) -> CheckResult:
    """Check 8 (2020, after art. 10 [V3]): what cannot be shown to be false must be accepted."""
    return _NOT_SHOWN_FALSE


CHECKS: tuple[Check, ...] = (
    subject_in_scope,
    interested_party,
    clear_matter,
    enterprise_first,
    not_taken_already,
    no_other_procedure,
    within_time,
    not_shown_false,
)


def check(facts: CaseFacts, rules: AdmissionRules) -> Admission:
    """Run all eight checks in order and propose the ground of the first that fails; never refuse."""
    proposed: RefusalGround | None = None
    tried: list[Tried] = []
    for run_check in CHECKS:
        record, ground = run_check(facts, rules)
        tried.append(record)
        if proposed is None:
            proposed = ground
    return Admission(proposed is None, proposed, tuple(tried))


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # 民法典 art. 202: where the month has no such day, its last day
        return date(day.year + years, 2, 28)
