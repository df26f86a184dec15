"""The eight conditions on which a case is taken up (受理), checked in the order of the law, all of them.

Source: 邮政业用户申诉处理办法 (2020) arts 2, 8-10, with the finer words of 2014 art. 9 (rulebook 1.2).
It only proposes a ground of refusal: a machine refuses nobody, a named officer decides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.rules.deadlines.counting import civil_day
from services.rules.facts import CaseFacts, Tried
from shared.vocabulary import EnterpriseOutcome, OtherProcedure, Role


@dataclass(frozen=True, slots=True)
class AdmissionRules:
    """One version of the limits of admission: the enterprise's own time to answer, and the time bar."""

    version: str = "2020"
    enterprise_window_days: int = 7
    time_bar_years: int = 1


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether every check passed; if not, the ground of the first that failed; and all eight, in order."""

    passed: bool
    proposed_ground: str | None
    checks: tuple[Tried, ...]


class Finding(NamedTuple):
    """What one check found: its record, and the ground of refusal (rulebook 1.3) where it failed."""

    tried: Tried
    ground: str | None


Check = Callable[[CaseFacts, AdmissionRules], Finding]


def _passed(rule: str, note: str) -> Finding:
    return Finding(Tried(rule, "passed", note), None)


def _failed(rule: str, ground: str, note: str) -> Finding:
    return Finding(Tried(rule, "failed", note), ground)


_IN_SCOPE = _passed("A1", "postal or express service of a supervised enterprise (属于受理范围)")
_OUT_OF_SCOPE = _failed(
    "A1", "OUT_OF_SCOPE", "the enterprise or service is not one that postal administrations supervise"
)


_NOT_NAMED = _passed("A1", "no enterprise is named yet, so none is shown to be outside; check A3 asks for it")


def subject_in_scope(facts: CaseFacts, _rules: AdmissionRules) -> Finding:
    """Check 1 (2020 art. 8 [V2]): postal and express service; savings and logistics are outside."""
    if not facts.carrier_code:
        return _NOT_NAMED
    return _IN_SCOPE if facts.carrier_in_scope else _OUT_OF_SCOPE


_INTERESTED = _passed("A2", "the complainant is sender, addressee or user (寄件人、收件人或其他用户)")
_AUTHORISED = _passed("A2", "the agent is authorised (委托手续齐全)")
_NOT_AUTHORISED = _failed(
    "A2", "AGENT_NOT_AUTHORISED", "an agent files, and no authorisation was given (委托手续不全)"
)


def interested_party(facts: CaseFacts, _rules: AdmissionRules) -> Finding:
    """Check 2 (2020 arts 2, 10 [V1, V3]): a user, or an agent with an authorisation.

    Only an officer can find that a declared sender or addressee is none (NOT_INTERESTED_PARTY).
    """
    if facts.role != Role.AGENT:
        return _INTERESTED
    return _AUTHORISED if facts.agent_authorised else _NOT_AUTHORISED


_CLEAR = _passed("A3", "respondent, cause and request are named (有明确的申诉对象、理由和请求)")
_NO_RESPONDENT = _failed("A3", "NO_CLEAR_RESPONDENT", "no enterprise is named (无明确申诉对象)")
_NO_ELEMENTS = _failed(
    "A3", "MISSING_ELEMENTS", "cause or request is missing; ask the user to supplement first (材料要素不全)"
)


def clear_matter(facts: CaseFacts, _rules: AdmissionRules) -> Finding:
    """Check 3 (2020 art. 9(1) [V3]; 2014 art. 9(3) [V1]): a clear target, cause and request."""
    if not facts.carrier_code:
        return _NO_RESPONDENT
    return _CLEAR if facts.has_cause_and_request else _NO_ELEMENTS


_DISSATISFIED = _passed(
    "A4", "complained to the enterprise and dissatisfied with its answer (对处理结果不满意)"
)
_BLOCKED = _passed("A4", "the enterprise's complaint channel was blocked (投诉渠道不畅)")
_UNANSWERED = _passed("A4", "complained to the enterprise, and its time to answer has run out (逾期未处理)")
_NOT_COMPLAINED = _failed(
    "A4", "NOT_COMPLAINED_TO_ENTERPRISE", "no complaint to the enterprise came first (未先向企业投诉)"
)
_UNDATED = _failed(
    "A4", "ENTERPRISE_WINDOW_OPEN", "the day of the complaint to the enterprise is not known; ask the user"
)


def enterprise_first(facts: CaseFacts, rules: AdmissionRules) -> Finding:
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
    return _failed(
        "A4",
        "ENTERPRISE_WINDOW_OPEN",
        f"{days} days since the complaint to the enterprise, not more than {rules.enterprise_window_days} "
        "(企业处理期未满)",
    )


_NOT_TAKEN = _passed("A5", "no administration holds the same matter (非重复申诉)")


def not_taken_already(facts: CaseFacts, _rules: AdmissionRules) -> Finding:
    """Check 5 (2020 art. 9(3) [V3]; 2014 art. 9(5) [V1]): not the same target and cause once more."""
    if facts.same_matter_number is None:
        return _NOT_TAKEN
    return _failed(
        "A5", "DUPLICATE", f"same waybill, enterprise and cause as case {facts.same_matter_number}"
    )


_NO_PROCEDURE = _passed("A6", "no other procedure holds the matter (未进入其他法定程序)")


def no_other_procedure(facts: CaseFacts, _rules: AdmissionRules) -> Finding:
    """Check 6 (2020 art. 9(4) [V3]; 2014 art. 9(7) [V1]): not in court, arbitration, ruling or inquiry."""
    if facts.other_procedure == OtherProcedure.NONE:
        return _NO_PROCEDURE
    return _failed("A6", "IN_OTHER_PROCEDURE", f"the matter is in another procedure: {facts.other_procedure}")


_IN_TIME = _passed("A7", "within the time bar, reckoned from posting (未超过时限)")
_NO_POSTING_DAY = _passed("A7", "the day of posting is not known: not shown to be out of time")


def within_time(facts: CaseFacts, rules: AdmissionRules) -> Finding:
    """Check 7 (2014 art. 9(6) [V1]; not seen in the 2020 text, kept as default [P]): a year from posting."""
    if facts.mailed_on is None:
        return _NO_POSTING_DAY
    last = _anniversary(facts.mailed_on, rules.time_bar_years)
    if civil_day(facts.received_at) <= last:
        return _IN_TIME
    return _failed("A7", "TIME_BARRED", f"posted on {facts.mailed_on}; the time ended with {last} (超过时限)")


_NOT_SHOWN_FALSE = _passed("A8", "not shown to be false; only an officer with evidence may find otherwise")


def not_shown_false(_facts: CaseFacts, _rules: AdmissionRules) -> Finding:
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
    proposed: str | None = None
    tried: list[Tried] = []
    for one in CHECKS:
        record, ground = one(facts, rules)
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
